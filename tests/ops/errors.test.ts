/**
 * What every op says of operands that do not fit: its name, what it expected and what it found.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  add,
  argMax,
  avgPool2d,
  broadcastTo,
  concat,
  constant,
  conv2d,
  cumSum,
  div,
  equal,
  erf,
  exp,
  floor,
  gather,
  greater,
  greaterEqual,
  iota,
  less,
  lessEqual,
  log,
  logSoftmax,
  logSumExp,
  matmul,
  max,
  maximum,
  maxPool2d,
  mean,
  min,
  minimum,
  mul,
  oneHot,
  pad,
  pow,
  remainder,
  reshape,
  scan,
  scatterAdd,
  shiftRight,
  sigmoid,
  slice,
  split,
  sqrt,
  stack,
  sub,
  sum,
  sumTo,
  takeAlong,
  tanh,
  transpose,
  variance,
  where,
} from "../../src/ops/mod.ts";
import type { DType } from "../../src/host_data.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";

const of = (dtype: DType) => (...shape: number[]): Tensor => placeholder({ shape, dtype });
const f32 = of("f32"), i32 = of("i32"), u32 = of("u32");

/** A call that must throw, the kind of error, and what its message must hold besides "expected". */
type Fault = readonly [call: () => unknown, kind: typeof Error, ...texts: string[]];

const BINARY = {
  add,
  sub,
  mul,
  div,
  remainder,
  maximum,
  minimum,
  pow,
  equal,
  less,
  lessEqual,
} as const;

const FLOATING = { exp, log, sqrt, tanh, sigmoid, erf, floor } as const;

const REDUCING = { sum, mean, variance, max, min, logSumExp, logSoftmax } as const;

const binary = (f: (a: Tensor, b: Tensor) => Tensor): Fault[] => [
  [() => f(f32(2, 3), f32(2, 4)), RangeError, "[2, 3] and [2, 4]"],
  [() => f(f32(2), f32(3, 3)), RangeError, "[2] and [3, 3]"],
  [() => f(f32(2), i32(2)), TypeError, "one type", "f32[2] and i32[2]", "cast"],
  [() => f(i32(2), constant(0.5)), TypeError, "one type", "i32[2] and f32[]"],
];

const FAULTS: Readonly<Record<string, readonly Fault[]>> = {
  ...Object.fromEntries(Object.entries(BINARY).map(([name, f]) => [name, binary(f)])),
  ...Object.fromEntries(
    Object.entries(FLOATING).map(([name, f]): [string, Fault[]] => [
      name,
      [[() => f(i32(3)), TypeError, "f32 operands", "i32[3]", "cast"]],
    ]),
  ),
  constant: [
    [() => constant(0.5, [2], "i32"), TypeError, "integer for i32", "0.5"],
    [() => constant(1, [2, 0]), RangeError, "at least 1", "[2, 0]"],
    [() => constant(1, [1.5]), RangeError, "integers", "[1.5]"],
  ],
  iota: [
    [() => iota(0), RangeError, "at least 1", "[0]"],
    [() => iota(-3, "u32"), RangeError, "at least 1", "[-3]"],
  ],
  where: [
    [() => where(f32(2), f32(2), f32(2)), TypeError, "u32 condition of shape [2]", "f32[2]"],
    [() => where(u32(2), f32(3), 0), RangeError, "[2] and [3]"],
    [() => where(u32(2), f32(2), i32(2)), TypeError, "one type", "f32[2] and i32[2]"],
  ],
  shiftRight: [
    [() => shiftRight(f32(2), 1), TypeError, "i32 or u32", "f32[2]"],
    [() => shiftRight(u32(2), u32(3)), RangeError, "[2] and [3]"],
    [() => shiftRight(u32(2), 0.5), TypeError, "integer beside u32[2]", "0.5"],
  ],
  broadcastTo: [
    [() => broadcastTo(f32(2, 3), [2, 4]), RangeError, "[2, 3] and [2, 4]"],
    [() => broadcastTo(f32(2, 3), [3]), RangeError, "[2, 3]", "found [3]"],
    [() => broadcastTo(f32(2, 3), [1, 3]), RangeError, "[2, 3]", "found [1, 3]"],
    [() => broadcastTo(f32(1), [0]), RangeError, "at least 1", "[0]"],
    [() => broadcastTo(constant(1, [3]), [1]), RangeError, "[3]", "found [1]"],
    [() => broadcastTo(constant(1, [3]), [2, 2]), RangeError, "[3] and [2, 2]"],
  ],
  sumTo: [
    [() => sumTo(f32(2, 3), [3, 3]), RangeError, "broadcasts to f32[2, 3]", "[3, 3]"],
  ],
  reshape: [
    [() => reshape(f32(2, 3), [4]), RangeError, "6 elements for [2, 3]", "[4]"],
    [() => reshape(f32(2, 3), [-1, 4]), RangeError, "[-1, 4]"],
    [() => reshape(f32(2, 3), [-1, -1]), RangeError, "[-1, -1]"],
  ],
  transpose: [
    [() => transpose(f32(2, 3), [0]), RangeError, "order of the 2 axes of [2, 3]", "[0]"],
    [() => transpose(f32(2, 3), [0, 0]), RangeError, "[0, 0]"],
    [() => transpose(f32(2, 3), [0, 2]), RangeError, "[0, 2]"],
  ],
  slice: [
    [() => slice(f32(4), [2], [2]), RangeError, "f32[4]", "start [2]", "stop [2]"],
    [() => slice(f32(4), [0], [5]), RangeError, "stop [5]"],
    [() => slice(f32(4), [-5]), RangeError, "start [-1]"],
    [() => slice(f32(4), [0], [4], [0]), RangeError, "step [0]"],
    [() => slice(f32(4), [0], [4], [1.5]), RangeError, "step [1.5]"],
    [() => slice(f32(4), [0.5]), RangeError, "start [0.5]"],
    [() => slice(f32(4), [0, 0]), RangeError, "at most 1 axis", "start [0, 0]"],
  ],
  pad: [
    [() => pad(f32(2, 3), [[1, 1]]), RangeError, "2 pairs", "f32[2, 3]", "found 1"],
    [() => pad(f32(2), [[-1, 0]]), RangeError, "f32[2]", "before [-1]"],
    [() => pad(f32(2), [[0, 0.5]]), RangeError, "after [0.5]"],
  ],
  concat: [
    [() => concat([]), RangeError, "at least one", "none"],
    [() => concat([f32(2, 3), f32(2, 4)]), RangeError, "axis 0", "f32[2, 3], f32[2, 4]"],
    [() => concat([f32(2), i32(2)]), RangeError, "f32[2], i32[2]"],
    [() => concat([f32(2), f32(2, 1)]), RangeError, "f32[2], f32[2, 1]"],
    [() => concat([f32(2), f32(2)], 1), RangeError, "axes from -1 to 0", "found 1"],
  ],
  stack: [
    [() => stack([]), RangeError, "at least one", "none"],
    [() => stack([f32(2), f32(2)], 2), RangeError, "found 2"],
  ],
  ...Object.fromEntries(
    Object.entries(REDUCING).map(([name, f]): [string, Fault[]] => [name, [
      [() => f(f32(2, 3), 2), RangeError, "axes from -2 to 1", "[2, 3]", "found 2"],
      [() => f(f32(2, 3), [-3]), RangeError, "found -3"],
      [() => f(f32(2, 3), [0, 0]), RangeError, "each axis of shape [2, 3] once", "[0, 0]"],
      [() => f(f32(2, 3), 0.5), RangeError, "found 0.5"],
    ]]),
  ),
  argMax: [
    [() => argMax(f32(2, 3), 2), RangeError, "axes from -2 to 1", "found 2"],
    [() => argMax(f32()), RangeError, "at least one axis", "f32[]"],
  ],
  cumSum: [
    [() => cumSum(f32(2, 3), -3), RangeError, "axes from -2 to 1", "found -3"],
    [() => cumSum(f32()), RangeError, "at least one axis", "f32[]"],
  ],
  matmul: [
    [() => matmul(f32(2, 3), f32(4, 5)), RangeError, "inner sizes", "[2, 3] × [4, 5]"],
    [() => matmul(f32(3), f32(3, 2)), RangeError, "two axes", "[3] × [3, 2]"],
    [() => matmul(f32(2, 3), f32(3)), RangeError, "two axes", "[2, 3] × [3]"],
    [() => matmul(f32(2, 2, 3), f32(3, 3, 2)), RangeError, "[2] and [3]"],
    [() => matmul(f32(2, 3), i32(3, 2)), TypeError, "f32", "f32[2, 3] × i32[3, 2]"],
  ],
  conv2d: [
    [() => conv2d(f32(4, 4, 3), f32(3, 3, 3, 5)), RangeError, "[4, 4, 3]", "image"],
    [() => conv2d(f32(1, 4, 4, 3), f32(3, 3, 5)), RangeError, "[3, 3, 5]", "weight"],
    [() => conv2d(f32(1, 4, 4, 3), f32(3, 3, 2, 5)), RangeError, "3 input channels", "3, 3, 2, 5"],
    [() => conv2d(f32(1, 2, 4, 3), f32(3, 3, 3, 5)), RangeError, "no larger", "padding 0"],
    [
      () => conv2d(f32(1, 4, 4, 4), f32(3, 3, 2, 5), { groups: 2 }),
      RangeError,
      "a multiple of 2 output channels",
      "[3, 3, 2, 5]",
    ],
    [
      () => conv2d(f32(1, 4, 4, 3), f32(3, 3, 3, 5), { stride: 0 }),
      RangeError,
      "at least 1",
      "stride 0",
    ],
    [
      () => conv2d(f32(1, 4, 4, 3), f32(3, 3, 3, 5), { padding: -1 }),
      RangeError,
      "at least 0",
      "padding -1",
    ],
    [
      () => conv2d(f32(1, 4, 4, 3), u32(3, 3, 3, 5)),
      TypeError,
      "f32 operands",
      "u32[3, 3, 3, 5]",
    ],
  ],
  ...Object.fromEntries(
    Object.entries({ maxPool2d, avgPool2d }).map(([name, f]): [string, Fault[]] => [name, [
      [() => f(f32(4, 4, 3), 2), RangeError, "[batch, height, width, channels]", "[4, 4, 3]"],
      [() => f(f32(1, 2, 4, 3), 3), RangeError, "no larger", "size 3", "[1, 2, 4, 3]"],
      [() => f(f32(1, 4, 4, 3), 0), RangeError, "at least 1", "size 0"],
      [() => f(f32(1, 4, 4, 3), 2, { stride: 0.5 }), RangeError, "stride 0.5"],
      [() => f(f32(1, 4, 4, 3), 2, { padding: 2 }), RangeError, "one pixel", "padding 2"],
      [() => f(f32(1, 4, 4, 3), [2, 0]), RangeError, "at least 1", "size [2,0]"],
      [() => f(f32(1, 4, 4, 3), [2, 5]), RangeError, "no larger", "size 2,5"],
      [() => f(f32(1, 4, 4, 3), 3, { dilation: 2 }), RangeError, "no larger", "dilation 2"],
      [
        () => f(f32(1, 1, 4, 3), 2, { dilation: 3, padding: [2, 0] }),
        RangeError,
        "one pixel",
        "dilation 3",
      ],
      [() => f(i32(1, 4, 4, 3), 2), TypeError, "f32 images", "i32[1, 4, 4, 3]"],
    ]]),
  ),
  takeAlong: [
    [() => takeAlong(f32(3, 2), i32(3)), RangeError, "axis -1 alone", "f32[3, 2] and i32[3]"],
    [() => takeAlong(f32(3, 2), i32(2, 1)), RangeError, "axis -1 alone", "i32[2, 1]"],
    [() => takeAlong(f32(), i32()), RangeError, "axis -1 alone", "f32[] and i32[]"],
    [() => takeAlong(f32(3, 2), f32(3, 1)), TypeError, "i32 or u32 indices", "f32[3, 1]"],
    [() => takeAlong(f32(3, 2), i32(3, 1), 2), RangeError, "axes from -2 to 1", "found 2"],
  ],
  split: [
    [() => split(f32(4, 3), 3), RangeError, "4 elements of axis 0 of f32[4, 3]", "3 equal ones"],
    [() => split(f32(4, 3), [1, 1], 1), RangeError, "3 elements of axis 1", "[1,1]"],
    [() => split(f32(4), [5, -1]), RangeError, "4 elements", "[5,-1]"],
    [() => split(f32(4), [4, 0]), RangeError, "4 elements", "[4,0]"],
    [() => split(f32(4), 0), RangeError, "4 elements", "0 equal ones"],
    [() => split(f32(4), 1.5 as number), RangeError, "4 elements", "1.5 equal ones"],
    [() => split(f32(4), 2, 1), RangeError, "axes from -1 to 0", "found 1"],
  ],
  scan: [
    [() => scan((c, _) => [c, []], f32(), [f32(3), f32(4)]), RangeError, "one length", "f32[4]"],
    [() => scan((c, _) => [c, []], f32(), []), RangeError, "at least 1", "none"],
    [() => scan((c, _) => [c, []], f32(), f32()), RangeError, "one length", "f32[]"],
    [
      () => scan((c, _) => [c, []], f32(), f32(3), { length: 2 }),
      RangeError,
      "here 2",
      "f32[3]",
    ],
    [
      () => scan((c, x) => [add(c, x), []], f32(), f32(3, 2)),
      TypeError,
      "carry * of f32[] in step 0",
      "found * of f32[2]",
    ],
    [
      () => scan((c, _) => [[c] as never, []], f32(), f32(3)),
      TypeError,
      "found [*] of [0]: f32[]",
    ],
  ],
  gather: [
    [() => gather(f32(), i32(2)), RangeError, "at least one axis", "f32[]"],
    [() => gather(f32(3), f32(2)), TypeError, "i32 or u32 indices", "f32[2]"],
    [() => gather(f32(3, 2), i32(2), { axis: 2 }), RangeError, "axes from -2 to 1", "found 2"],
    [() => gather(f32(3, 2), f32(2), { axis: 1 }), TypeError, "i32 or u32 indices", "f32[2]"],
  ],
  scatterAdd: [
    [() => scatterAdd(3, i32(2), f32(3, 4)), RangeError, "[2]", "[3, 4]"],
    [() => scatterAdd(3, i32(2, 3), f32(2)), RangeError, "[2, 3]", "[2]"],
    [() => scatterAdd(3, f32(2), f32(2)), TypeError, "i32 or u32 indices", "f32[2]"],
    [() => scatterAdd(0, i32(2), f32(2)), RangeError, "at least 1", "0"],
  ],
  oneHot: [
    [() => oneHot(f32(2), 3), TypeError, "i32 or u32 indices", "f32[2]"],
    [() => oneHot(i32(2), 0), RangeError, "at least 1", "0"],
  ],
};

for (const [name, faults] of Object.entries(FAULTS)) {
  Deno.test(`${name}()'s errors name what was expected and what was found`, () => {
    for (const [call, kind, ...texts] of faults) {
      const { message, constructor } = assertThrows(call, Error, undefined, String(call));
      assert(message.startsWith(`${name}: expected `), `${name}: found "${message}"`);
      for (const text of texts) assert(message.includes(text), `"${text}" not in "${message}"`);
      assertEquals(constructor, kind, message);
    }
  });
}

Deno.test("every op's error shows the line that called the op before any that is not the library's", () => {
  const library = new URL("../../src/", import.meta.url).href;
  for (const [call] of Object.values(FAULTS).flat()) {
    const { stack = "" } = assertThrows(call, Error);
    const places = [...stack.matchAll(/(?:file|https?):[^\s()]+/g)].map(([at]) => at);
    const outside = places.find((at) => !at.startsWith(library));
    assert(outside?.startsWith(import.meta.url), `${call}: found ${stack}`);
  }
});

Deno.test("mean() of integers asks for a cast", () => {
  assertThrows(() => mean(i32(2)), TypeError, "mean: expected f32 operands, found i32[2]");
});

Deno.test("greater() and greaterEqual() name the comparison that they are", () => {
  assertThrows(() => greater(f32(2), f32(3)), RangeError, "[2]");
  assertThrows(() => greaterEqual(f32(2), i32(2)), TypeError, "one type");
});
