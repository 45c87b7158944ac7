/**
 * What ops mean, by values worked out by hand: the float64 oracle itself is held to them.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import {
  abs,
  add,
  argMax,
  avgPool2d,
  broadcastTo,
  cast,
  concat,
  constant,
  conv2d,
  div,
  equal,
  floor,
  gather,
  greater,
  greaterEqual,
  iota,
  less,
  lessEqual,
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
  neg,
  oneHot,
  pad,
  pow,
  remainder,
  reshape,
  scatterAdd,
  shiftRight,
  sign,
  slice,
  softmax,
  stack,
  sub,
  sum,
  sumTo,
  takeAlong,
  transpose,
  variance,
  where,
} from "../../src/ops/mod.ts";
import type { Data, Nested } from "../../src/host_data.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertRead, forEachDevice } from "../devices.ts";

const f = (values: Nested) => tensor(values);
const i = (...values: number[]) => tensor(values, undefined, "i32");
const u = (...values: number[]) => tensor(values, undefined, "u32");

/** An expression, and its value. */
type Known = readonly [x: Tensor, expected: Nested];

const LOWEST = -(2 ** 31), HIGHEST = 2 ** 32 - 1;
/** 1…n as an image of one channel. */
const image = (height: number, width: number) =>
  reshape(add(iota(height * width, "f32"), 1), [1, height, width, 1]);

const KNOWN: Readonly<Record<string, readonly Known[]>> = {
  "arithmetic of integers wraps and rounds towards zero": [
    [add(i(2 ** 31 - 1), 1), [LOWEST]],
    [sub(u(0), 1), [HIGHEST]],
    [mul(u(HIGHEST), u(HIGHEST)), [1]],
    [mul(i(2 ** 30), 6), [LOWEST]],
    [neg(u(1)), [HIGHEST]],
    [abs(i(LOWEST, -3)), [LOWEST, 3]],
    [div(i(-7, 7, -7), i(2, -2, -2)), [-3, -3, 3]],
    [div(u(HIGHEST), 2), [2 ** 31 - 1]],
    [remainder(i(-7, 7), i(3, -3)), [-1, 1]],
    [remainder(f([-5.5, 5.5]), 2), [-1.5, 1.5]],
    [shiftRight(i(-8), 1), [-4]],
    [shiftRight(u(HIGHEST), 28), [15]],
    [sum(u(HIGHEST, 1, 1, 1, 1, 1, 1, 1, 1, 1)), 8],
    [constant(-1, [2], "u32"), [HIGHEST, HIGHEST]],
  ],
  "integers have no infinity: what is divided by 0 is 0, what lies beyond a limit becomes it": [
    [div(i(5, -5, 0, LOWEST), i(0, 0, 0, -1)), [0, 0, 0, LOWEST]],
    [div(u(5, HIGHEST), u(0, 0)), [0, 0]],
    [div(i(5, LOWEST), 0), [0, 0]],
    [div(3, i(0, 2)), [0, 1]],
    [remainder(i(5, -5, LOWEST), i(0, 0, -1)), [0, 0, 0]],
    [remainder(u(5, 7), u(0, 4)), [0, 3]],
    [remainder(u(5, 7), 0), [0, 0]],
    [cast(f([NaN, Infinity, -Infinity, 3e9, -3e9, 2147483648, -2147483648, -1.9]), "i32"), [
      0,
      2 ** 31 - 1,
      LOWEST,
      2 ** 31 - 1,
      LOWEST,
      2 ** 31 - 1,
      LOWEST,
      -1,
    ]],
    [cast(f([NaN, Infinity, -Infinity, -1, -0.9, 5e9, 4294967296, 4294967040]), "u32"), [
      0,
      HIGHEST,
      0,
      0,
      0,
      HIGHEST,
      HIGHEST,
      4294967040,
    ]],
    [cast(constant(NaN, [2]), "i32"), [0, 0]],
    [cast(constant(1e20, [2]), "u32"), [HIGHEST, HIGHEST]],
    [cast(u(HIGHEST, 16777217, 16777219), "f32"), [2 ** 32, 16777216, 16777220]],
    [cast(i(-16777217, LOWEST, 2 ** 31 - 1), "f32"), [-16777216, LOWEST, 2 ** 31]],
    [shiftRight(u(HIGHEST, HIGHEST, HIGHEST), u(31, 32, HIGHEST)), [1, 0, 0]],
    [shiftRight(i(-8, -8, 8), i(31, 32, -1)), [-1, -1, 0]],
    [shiftRight(u(HIGHEST), 40), [0]],
    [shiftRight(i(-5, 5), 40), [-1, 0]],
    [sub(i(LOWEST), 1), [2 ** 31 - 1]],
    [mul(i(LOWEST), -1), [LOWEST]],
    [neg(i(LOWEST)), [LOWEST]],
    [sign(i(LOWEST, 0, 2 ** 31 - 1)), [-1, 0, 1]],
    [add(constant(2 ** 31 - 1, [2], "i32"), constant(1, [2], "i32")), [LOWEST, LOWEST]],
    [mul(constant(HIGHEST, [2], "u32"), constant(HIGHEST, [2], "u32")), [1, 1]],
    [maximum(i(LOWEST, 5), i(-1, LOWEST)), [-1, 5]],
    [minimum(u(HIGHEST, 0), u(1, 1)), [1, 0]],
  ],
  "the least of integers at their limits": [
    [min(i(LOWEST, 3, -7)), LOWEST],
    [min(i(LOWEST, 3, -7, 1, 1, 1, 1, 1, 1, 1)), LOWEST],
    [min(i(2 ** 31 - 1, 2 ** 31 - 1)), 2 ** 31 - 1],
    [min(u(HIGHEST, 2 ** 31, 7)), 7],
    [min(u(0, 5, 3, 4)), 0],
    [min(u(HIGHEST, 5, 3, 4, 0, 9, 9, 9, 9, 9)), 0],
    [min(u(9, 5, 3, 4, 7, 9, 9, 9, 9, HIGHEST)), 3],
    [max(i(LOWEST, LOWEST)), LOWEST],
    [max(i(LOWEST, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST)), LOWEST],
    [argMax(i(LOWEST, 2 ** 31 - 1, LOWEST)), 1],
    [argMax(u(0, HIGHEST, 2 ** 31)), 1],
  ],
  "constants that are not finite": [
    [constant(Infinity, [2]), [Infinity, Infinity]],
    [constant(-Infinity, [5]), [-Infinity, -Infinity, -Infinity, -Infinity, -Infinity]],
    [constant(NaN, [4]), [NaN, NaN, NaN, NaN]],
    [constant(1e39, [2]), [Infinity, Infinity]],
    [add(constant(Infinity, [4]), constant(NaN, [4])), [NaN, NaN, NaN, NaN]],
    [stack([constant(Infinity), constant(-Infinity), constant(NaN), constant(0)]), [
      Infinity,
      -Infinity,
      NaN,
      0,
    ]],
    [add(f([1, 2]), Infinity), [Infinity, Infinity]],
    [where(u(1, 0), f([1, 2]), NaN), [1, NaN]],
    [where(u(1, 0, 1, 0), f([1, NaN, 3, Infinity]), f([NaN, 2, Infinity, 4])), [1, 2, 3, 4]],
    [minimum(f([1, -Infinity, 5, Infinity]), Infinity), [1, -Infinity, 5, Infinity]],
    [div(1, constant(-0, [2])), [-Infinity, -Infinity]],
  ],
  "functions of one number": [
    [floor(f([-1.5, -1, 1.5])), [-2, -1, 1]],
    [sign(f([-2, 0, 3])), [-1, 0, 1]],
    [cast(f([-1.9, 1.9]), "i32"), [-1, 1]],
    [cast(i(-1), "u32"), [HIGHEST]],
    [cast(u(HIGHEST), "i32"), [-1]],
    [pow(f([-2, 3]), 3), [-8, 27]],
    [pow(f([-2, 4]), -2), [0.25, 0.0625]],
    [pow(f([4]), 0.5), [2]],
    [pow(f([0, 5]), 0), [1, 1]],
  ],
  "comparisons give 0 or 1, and where takes what is not 0": [
    [less(f([1, 2, 3]), 2), [1, 0, 0]],
    [lessEqual(f([1, 2, 3]), 2), [1, 1, 0]],
    [greater(f([1, 2, 3]), 2), [0, 0, 1]],
    [greaterEqual(f([1, 2, 3]), 2), [0, 1, 1]],
    [equal(f([1, 2, 3]), 2), [0, 1, 0]],
    [less(u(0), HIGHEST), [1]],
    [less(i(LOWEST), 0), [1]],
    [where(u(0, 1, 2), f([1, 2, 3]), -1), [-1, 2, 3]],
    [maximum(f([1, 5]), f([[2], [4]])), [[2, 5], [4, 5]]],
    [minimum(f([1, 5]), f([[2], [4]])), [[1, 2], [1, 4]]],
  ],
  "views": [
    [transpose(f([[1, 2, 3], [4, 5, 6]])), [[1, 4], [2, 5], [3, 6]]],
    [slice(f([0, 1, 2, 3, 4, 5]), [1], [-1], [2]), [1, 3]],
    [pad(f([[1, 2]]), [[0, 1], [1, 0]]), [[0, 1, 2], [0, 0, 0]]],
    [broadcastTo(f([[1], [2]]), [2, 2]), [[1, 1], [2, 2]]],
    [sumTo(f([[1, 2], [3, 4]]), [2, 1]), [[3], [7]]],
    [concat([f([[1], [2]]), f([[3], [4]])], 1), [[1, 3], [2, 4]]],
    [stack([f([1, 2]), f([3, 4])], 1), [[1, 3], [2, 4]]],
  ],
  "reductions": [
    [sum(f([[1, 2], [3, 4]]), 0), [4, 6]],
    [sum(f([[1, 2], [3, 4]]), 1, { keep: true }), [[3], [7]]],
    [mean(f([[1, 2], [3, 6]])), 3],
    [variance(f([1, 3])), 1],
    [max(f([-3, -1, -2])), -1],
    [min(f([[3, 1], [2, 5]]), 1), [1, 2]],
    [argMax(f([[3, 5, 5, 1], [7, 7, 1, 7]])), [1, 0]],
    [argMax(i(1, 9, 9), 0), 1],
    [argMax(f([[3, 5, 5, 1], [7, 7, 1, 7]]), [0, 1]), 4],
    [logSumExp(f([1000, 1000])), 1000 + Math.LN2],
    [softmax(f([[1000, 1000], [0, -1000]])), [[0.5, 0.5], [1, 0]]],
    [logSoftmax(f([0, -1000])), [0, -1000]],
  ],
  "products": [
    [matmul(f([[1, 2], [3, 4]]), f([[5, 6], [7, 8]])), [[19, 22], [43, 50]]],
    [conv2d(image(2, 3), f([[[[1]], [[10]]]])), [[[[21], [32]], [[54], [65]]]]],
    [conv2d(image(1, 2), f([[[[1]], [[10]], [[100]]]]), { padding: 1 }), [
      [[[0], [0]], [[210], [21]], [[0], [0]]],
    ]],
    [conv2d(f([[[[1, 2]]]]), f([[[[3, 5]]]]), { groups: 2 }), [[[[3, 10]]]]],
  ],
  "pools": [
    [maxPool2d(image(3, 3), 2), [[[[5]]]]],
    [maxPool2d(image(3, 3), 2, { ceil: true }), [[[[5], [6]], [[8], [9]]]]],
    [maxPool2d(neg(image(2, 2)), 2, { stride: 1, padding: 1 }), [
      [[[-1], [-1], [-2]], [[-1], [-1], [-2]], [[-3], [-3], [-4]]],
    ]],
    [avgPool2d(image(2, 2), 2), [[[[2.5]]]]],
    // The padding counts, what lies beyond it does not.
    [avgPool2d(image(2, 2), 2, { padding: 1 }), [[[[0.25], [0.5]], [[0.75], [1]]]]],
    [avgPool2d(image(3, 3), 2, { ceil: true }), [[[[3], [4.5]], [[7.5], [9]]]]],
  ],
  "indices": [
    [gather(f([[1, 2], [3, 4]]), i(1, -1, 2, 0)), [[3, 4], [NaN, NaN], [NaN, NaN], [1, 2]]],
    [gather(f([1, 2]), u(HIGHEST, 1)), [NaN, 2]],
    [gather(i(1, 2), i(-1, 1, 2)), [0, 2, 0]],
    [gather(f([[1, 2], [3, 4]]), i(1, -1, 2), { axis: 1 }), [[2, NaN, NaN], [4, NaN, NaN]]],
    [takeAlong(f([[1, 2], [3, 4]]), tensor([[1], [-1]], [2, 1], "i32")), [[2], [NaN]]],
    [takeAlong(f([[1, 2], [3, 4]]), tensor([[1, 2], [0, 0]], [2, 2], "i32"), 0), [[3, NaN], [
      1,
      2,
    ]]],
    // An index whose product with the inner size overflows is outside, too.
    [takeAlong(f([[1, 2]]), tensor([[HIGHEST, 0]], [1, 2], "u32"), 0), [[NaN, 2]]],
    [takeAlong(f([[1, 2]]), tensor([[2 ** 30, 0]], [1, 2], "i32"), 0), [[NaN, 2]]],
    [gather(u(1, 2), u(2, 0)), [0, 1]],
    [scatterAdd(2, i(1, 1, -1, 2), f([1, 2, 4, 8])), [0, 3]],
    [scatterAdd(2, u(0, 0), u(HIGHEST, 2)), [1, 0]],
    [oneHot(i(1, 3, -1), 3), [[0, 1, 0], [0, 0, 0], [0, 0, 0]]],
    [iota(3, "u32"), [0, 1, 2]],
  ],
};

const shapeOf = (values: Nested): number[] =>
  typeof values === "number" ? [] : [values.length, ...shapeOf(values[0]!)];

for (const [criterion, known] of Object.entries(KNOWN)) {
  forEachDevice(`${criterion}: worked out by hand`, async (run) => {
    const call = run.jit(() => known.map(([x]) => x));
    const lazy = await run.read(known.map(([x]) => x)) as readonly Data[];
    const jitted = await run.read(call()) as readonly Data[];
    known.forEach(([x, expected], n) => {
      const flat = ([expected] as unknown[]).flat(Infinity) as number[];
      assertEquals(x.shape, shapeOf(expected), `case ${n}`);
      for (const read of [lazy[n], jitted[n]]) assertRead(read!, flat, x, {}, `case ${n}`);
    });
  });
}

const NAN_CASES: readonly (readonly [x: Tensor, expected: readonly number[]])[] = [
  [max(f([1, NaN, 2, NaN])), [NaN]],
  [argMax(f([1, NaN, 2, NaN])), [1]],
  [min(f([1, NaN])), [NaN]],
  [maximum(f([NaN, 1]), f([1, NaN])), [NaN, NaN]],
  [minimum(f([NaN, 1]), f([1, NaN])), [NaN, NaN]],
];

Deno.test("the oracle's maxima and minima pass NaN on, the first of several", () => {
  for (const [x, expected] of NAN_CASES) assertEquals([...evaluate([x])[0]!], [...expected]);
});

Deno.test("softmax() and logSoftmax() add up to 1 along their own axis", () => {
  const x = f([[1, -2, 3], [4, 0.5, 6]]);
  for (const axis of [0, 1, -1, -2]) {
    const [a, b] = evaluate([sum(softmax(x, axis), axis), logSumExp(logSoftmax(x, axis), axis)]);
    assertEquals([...a!].map((v) => v.toFixed(9)), [...a!].map(() => "1.000000000"));
    assertEquals([...b!].every((v) => Math.abs(v) < 1e-12), true);
  }
});

Deno.test("transpose() counts negative axes from the end, of any rank", () => {
  const x = reshape(iota(24), [2, 3, 4]);
  assertEquals(transpose(x, [-1, -3, -2]).shape, [4, 2, 3]);
  const [a, b] = evaluate([transpose(x, [-1, -3, -2]), transpose(x, [2, 0, 1])]);
  assertEquals(a, b);
});

Deno.test("no gradient passes a conversion to integers and back", () => {
  const [found] = evaluate([grad((x: Tensor) => sum(cast(cast(x, "i32"), "f32")))(f([1.5, 2.5]))]);
  assertEquals([...found!], [0, 0]);
});
