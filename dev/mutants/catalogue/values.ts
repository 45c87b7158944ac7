/**
 * Faults of loose files of the library: trees, shapes, keys, gradients.
 *
 * @module
 */
import { type Fault, faultsIn } from "../fault.ts";

/** Faults of files directly in `src`. */
export const VALUES: readonly Fault[] = [
  ...faultsIn("src/threefry.ts", ["tests/threefry.test.ts", "tests/random.test.ts"], [
    ["group < 5", "group < 4", "threefry has 16 rounds, not 20"],
    ["! + group + 1) | 0", "! + group) | 0", "the round counter is off by one"],
    ["13, 15, 26, 6, 17, 29, 16, 24", "13, 15, 26, 6, 17, 29, 16, 23", "one rotation is wrong"],
    [
      "{ bits: 0, split: 1, fold: 2 }",
      "{ bits: 0, split: 1, fold: 1 }",
      "split and fold use the same counters",
    ],
    ["i > 0; i--", "i > 1; i--", "the last swap of a shuffle is left out"],
    ["intAt(key, i, i + 1)", "intAt(key, i, i)", "a shuffle leaves no element in place"],
    ["intAt(key, i, i + 1)", "intAt(key, 0, i + 1)", "a shuffle reuses one draw"],
    [
      "[Math.floor(seed / 2 ** 32), seed >>> 0]",
      "[0, seed >>> 0]",
      "the high bits of a seed are lost",
    ],
    [
      "threefry(key, data >>> 0, PURPOSE.fold)",
      "threefry(key, data & 0xffff, PURPOSE.fold)",
      "folding in looks at 16 bits",
    ],
  ]),
  ...faultsIn("src/random.ts", ["tests/random.test.ts"], [
    ["skip === 0 ? numbers : add(numbers, skip)", "numbers", "skipped words are drawn again"],
    [
      "minimum(add(mul(unit, high - low), low), below(high))",
      "add(mul(unit, high - low), low)",
      "uniform may return its upper end",
      {
        survives: "a device's rounding reaches the end once in millions of draws",
      },
    ],
    ["mul(unit, high - low)", "mul(unit, high)", "uniform has the wrong width"],
    ["Math.ceil(p * 2 ** 24)", "Math.floor(p * 2 ** 24)", "a probability is rounded down"],
    ["less(w, 5)", "less(w, 4)", "normal's tail begins too early"],
    ["sub(w, 2.5)", "sub(w, 2.4)", "normal's central series is off its point"],
    ["sub(sqrt(w), 3)", "sub(sqrt(w), 2.9)", "normal's tail series is off its point"],
    [
      "[0, 1].map((word) => threefry(k0, k1, counter, PURPOSE.fold, word))",
      "[0, 0].map((word) => threefry(k0, k1, counter, PURPOSE.fold, word))",
      "a folded key repeats its first word",
    ],
    [
      '[0, 1].map((word) => threefry(k0, k1, iota(n, "u32"), PURPOSE.split, word))',
      '[0, 1].map((word) => threefry(k0, k1, iota(n, "u32"), PURPOSE.bits, word))',
      "children of a key are its random bits",
    ],
  ]),
  ...faultsIn("src/grad.ts", ["tests/grad.test.ts"], [
    [
      "if (before) before.push(part);",
      "if (before) before[0] = part;",
      "of several cotangents only the last counts",
    ],
    ["rebuild(params, alias)", "params", "a parameter that the closure captures gets a gradient"],
    [
      "cotangents.get(x) ?? constant(0, x.shape)",
      "cotangents.get(x) ?? constant(1, x.shape)",
      "a parameter that is not used has gradient 1",
    ],
  ]),
  ...faultsIn("src/cotangents.ts", ["tests/cotangents.test.ts"], [
    ["if (to > at) parts", "if (to > at + 1) parts", "a gap of one between strips is not filled"],
    ["end <= strip.from", "end <= strip.from + 1", "strips that overlap by one are joined"],
    ["  zerosTo(size);", "  zerosTo(size - 1);", "zeros behind the last strip are one short"],
    ["within = from % step", "within = 0", "strided parts are put on the first phase"],
    [
      "concat(group.map(({ args }) => args[k]!), 0)",
      "concat(group.slice(1).map(({ args }) => args[k]!), 0)",
      "the first of joined scatters is lost",
    ],
  ]),
  ...faultsIn("src/tree.ts", ["tests/tree.test.ts"], [
    [
      "f(x, ...others.map((o) => o[i]!))",
      "f(x, ...others.map((o) => o[0]!))",
      "mapTree pairs every leaf with another tree's first",
    ],
    [
      "if (found === expected) continue;",
      "if (found.length === expected.length) continue;",
      "trees are compared by the length of their text",
    ],
  ]),
  ...faultsIn("src/shape.ts", ["tests/shape.test.ts"], [
    ["a < -rank || a >= rank", "a < -rank || a > rank", "an axis one too large is accepted"],
    ["list.sort((a, b) => a - b)", "list.sort()", "axes from 10 on are sorted as texts"],
    [
      "d !== 1 && out[at] !== 1 && out[at] !== d",
      "d !== 1 && out[at]! > d",
      "shapes broadcast to a larger size",
    ],
    ["a.every === 1)", "true)", "a view with gaps counts as flat"],
    ["view.offset !== 0 || ", "", "a view with an offset counts as flat"],
  ]),
  ...faultsIn("src/signature.ts", ["tests/signature.test.ts"], [
    ['if (Object.is(value, -0)) return "-0";', "", "-0 and 0 share compiled code"],
    [
      "!Number.isFinite(value) ? String(value) : value",
      "!Number.isFinite(value) ? null : value",
      "infinite and NaN attributes share compiled code",
    ],
    [
      "→${outputs.map((x) => at.get(x)).join()}",
      "→${outputs.length}",
      "compiled code is kept without which values it returns",
    ],
  ]),
];
