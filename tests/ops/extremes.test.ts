/**
 * NaN, infinities, zeros of both signs, ties and limits: every device against PyTorch, values and gradients.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import { gelu, leakyRelu, relu, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import * as ops from "../../src/ops/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { extremes } from "../golden/read.ts";
import type { ExtremeCase } from "../golden/types.ts";

type Meaning = (x: Tensor, y: Tensor, args: ExtremeCase["args"]) => Tensor;

const float = (f: (x: Tensor, y: Tensor) => Tensor): Meaning => (x, y) => ops.cast(f(x, y), "f32");

/** The loss of each row, one by one. */
const losses: Meaning = (x, _, { label }) =>
  ops.stack(Array.from({ length: x.shape[0]! }, (_, i) => {
    const row = ops.slice(x, [i, 0], [i + 1, x.shape[1]!]);
    return ops.mean(softmaxCrossEntropy(row, tensor(Int32Array.of(label!))));
  }));

/** What the cases mean here. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  neg: ops.neg,
  exp: ops.exp,
  log: ops.log,
  sqrt: ops.sqrt,
  tanh: ops.tanh,
  sigmoid: ops.sigmoid,
  erf: ops.erf,
  abs: ops.abs,
  sign: ops.sign,
  floor: ops.floor,
  relu: (x) => relu([], x),
  leakyRelu: (x) => leakyRelu(0.25)([], x),
  gelu: (x) => gelu()([], x),
  sqrtPower: (x) => ops.pow(x, 0.5),
  square: (x) => ops.pow(x, 2),
  clip: (x) => ops.minimum(ops.maximum(x, -2.5), 2.5),
  add: ops.add,
  sub: ops.sub,
  mul: ops.mul,
  div: ops.div,
  remainder: ops.remainder,
  pow: ops.pow,
  maximum: ops.maximum,
  minimum: ops.minimum,
  equal: float(ops.equal),
  less: float(ops.less),
  lessEqual: float(ops.lessEqual),
  greater: float(ops.greater),
  greaterEqual: float(ops.greaterEqual),
  sum: (x) => ops.sum(x, 1),
  mean: (x) => ops.mean(x, 1),
  max: (x) => ops.max(x, 1),
  min: (x) => ops.min(x, 1),
  argMax: (x) => ops.cast(ops.argMax(x), "f32"),
  cumSum: (x) => ops.cumSum(x),
  logSumExp: (x) => ops.logSumExp(x, 1),
  logSoftmax: (x) => ops.logSoftmax(x),
  softmax: (x) => ops.softmax(x),
  variance: (x) => ops.variance(x, 1),
  maxPool: (x) => ops.maxPool2d(x, 2),
  avgPool: (x) => ops.avgPool2d(x, 2),
  crossEntropy: losses,
};

const CASES = extremes().cases;

Deno.test("the golden extremes are those of every op that they name", () => {
  assertEquals([...new Set(CASES.map(({ op }) => op))].sort(), Object.keys(MEANINGS).sort());
});

const numbers = (list: readonly (number | string)[]) => Float32Array.from(list, Number);

const meaning = (c: ExtremeCase) => (x: Tensor, y: Tensor) => MEANINGS[c.op]!(x, y, c.args);

/** Exact but for the rounding of functions; a power's is that of its exponent. */
const toleranceOf = ({ op }: ExtremeCase) => ({
  relative: op === "pow" ? 2e-5 : 3e-6,
  absolute: ["tanh", "sigmoid", "gelu"].includes(op) ? 2e-7 : 0,
});

/** The smallest normal number: below it, a GPU may give 0. */
const NORMAL = 2 ** -126;

function compare(
  run: Runtime,
  c: ExtremeCase,
  found: Data,
  expected: readonly (number | string)[],
  what: string,
) {
  const flushed = (values: Iterable<number>) =>
    run.device === "webgpu"
      ? Float32Array.from(values, (x) => Math.abs(x) < NORMAL ? 0 : x)
      : values;
  assertClose(
    flushed(found) as Float32Array,
    flushed(numbers(expected)) as Float32Array,
    toleranceOf(c),
    `${c.op} of ${c.shape}, ${what}`,
  );
}

for (const op of Object.keys(MEANINGS)) {
  const cases = CASES.filter((c) => c.op === op);
  forEachDevice(`${op}() of extreme numbers and its gradients are PyTorch's`, async (run) => {
    const faults: string[] = [];
    for (const c of cases) {
      const given = c.inputs.map((list) => tensor(numbers(list), c.shape));
      const call = run.jit((xs: readonly Tensor[]) => {
        const f = ([x, y]: readonly Tensor[]) => meaning(c)(x!, y!);
        return [
          f(xs),
          c.grads ? grad((all: readonly Tensor[]) => ops.sum(f(all)))(xs) : [],
        ] as const;
      });
      const [y, slopes] = await run.read(call(given)) as unknown as [Data, Data[]];
      const attempt = (found: Data, expected: readonly (number | string)[], what: string) => {
        try {
          compare(run, c, found, expected, what);
        } catch (error) {
          faults.push((error as Error).message);
        }
      };
      attempt(y, c.output, "values");
      c.grads?.forEach((expected, i) => attempt(slopes[i]!, expected, `gradient ${i}`));
    }
    assertEquals(faults, []);
  });
}

/** Expressions that compilers fold where they assume that no number is NaN or infinite. */
const FOLDED: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "x - x": (x) => ops.sub(x, x),
  "x - x, by a view": (x) => ops.sub(x, ops.reshape(ops.reshape(x, [2, -1]), x.shape)),
  "x + -x": (x) => ops.add(x, ops.neg(x)),
  "-x + x": (x) => ops.add(ops.neg(x), x),
  "x + -1 · x": (x) => ops.add(x, ops.mul(x, -1)),
  "2 · x - (x + x)": (x) => ops.sub(ops.mul(x, 2), ops.add(x, x)),
  "x · 0": (x) => ops.mul(x, 0),
  "-0 · x": (x) => ops.mul(-0, x),
  "x · 0 · 5": (x) => ops.mul(ops.mul(x, 0), 5),
  "x / x": (x) => ops.div(x, x),
  "0 / x": (x) => ops.div(0, x),
  "x / 0": (x) => ops.div(x, 0),
  "x / -0": (x) => ops.div(x, -0),
  "x · x / x": (x) => ops.div(ops.mul(x, x), x),
  "x = x": (x) => ops.where(ops.equal(x, x), 1, 0),
  "not x < x": (x) => ops.where(ops.less(x, x), 0, 1),
  "x ≤ x": (x) => ops.where(ops.lessEqual(x, x), 1, 0),
  "x clipped to 0…1": (x) => ops.minimum(ops.maximum(x, 0), 1),
  "x clipped to 1…0": (x) => ops.maximum(ops.minimum(x, 0), 1),
  "the larger of x and -∞": (x) => ops.maximum(x, -Infinity),
  "x below 0 as 0": (x) => ops.where(ops.less(x, 0), 0, x),
  "x not above 0 as 0": (x) => ops.where(ops.lessEqual(x, 0), 0, x),
  "√x · √x": (x) => ops.mul(ops.sqrt(x), ops.sqrt(x)),
  "√(x · x)": (x) => ops.sqrt(ops.mul(x, x)),
  "log of exp": (x) => ops.log(ops.exp(x)),
  "exp of log": (x) => ops.exp(ops.log(x)),
  "|x| < ∞": (x) => ops.where(ops.less(ops.abs(x), Infinity), 1, 0),
  "|x| < 3e38": (x) => ops.where(ops.less(ops.abs(x), 3e38), 1, 0),
  "x + ∞": (x) => ops.add(x, Infinity),
  "x · ∞": (x) => ops.mul(x, Infinity),
};

forEachDevice("expressions that compilers fold for finite numbers are computed", async (run) => {
  const x = tensor(Float32Array.of(NaN, Infinity, -Infinity, -1, 0.5, 0, 3e38, -0, 2, -20));
  const all = Object.values(FOLDED), call = run.jit((x: Tensor) => all.map((f) => f(x)));
  const found = await run.read(call(x)) as readonly Data[];
  const faults: string[] = [];
  const expected = evaluate(all.map((f) => f(x)));
  Object.keys(FOLDED).forEach((name, i) => {
    try {
      assertClose(found[i]!, expected[i]!, { relative: 1e-5, absolute: 1e-6 }, name);
    } catch (error) {
      faults.push((error as Error).message);
    }
  });
  assertEquals(faults, []);
});

/** The first differing operand of each pair, or of all, as a number that is part of the program. */
forEachDevice("ops of constants equal those of the same numbers on a device", async (run) => {
  const faults: string[] = [];
  for (const c of CASES.filter(({ inputs, op }) => inputs.length === 2 && op !== "remainder")) {
    const [a, b] = c.inputs.map(numbers) as [Float32Array, Float32Array];
    const values = [...new Set(Array.from(b, (x) => Object.is(x, -0) ? "-0" : String(x)))].map(
      Number,
    );
    const own = values.filter((_, i) =>
      i % 2 === 0 || !Number.isFinite(values[i]!) || values[i] === 0
    );
    const many = tensor(Float32Array.from(values));
    const call = run.jit((x: Tensor) =>
      own.map((v) => [
        meaning(c)(x, ops.constant(v, x.shape)),
        meaning(c)(ops.constant(v, x.shape), x),
        meaning(c)(ops.constant(values[0]!), ops.constant(v)),
      ])
    );
    const expected = run.jit((x: Tensor, vs: readonly Tensor[]) =>
      vs.map((v) => [
        meaning(c)(x, ops.broadcastTo(v, x.shape)),
        meaning(c)(ops.broadcastTo(v, x.shape), x),
        meaning(c)(ops.reshape(ops.slice(x, [0], [1]), []), v),
      ])
    );
    assertEquals(a.length, values.length ** 2);
    const found = await run.read(call(many)) as unknown as Data[][];
    const held = await run.read(
      expected(many, own.map((v) => tensor(Float32Array.of(v), []))),
    ) as unknown as Data[][];
    own.forEach((v, i) =>
      [0, 1, 2].forEach((k) => {
        try {
          assertClose(
            found[i]![k]!,
            held[i]![k]!,
            toleranceOf(c),
            `${c.op} ${k ? "of" : "with"} ${v}`,
          );
        } catch (error) {
          faults.push((error as Error).message);
        }
      })
    );
  }
  assertEquals(faults, []);
});
