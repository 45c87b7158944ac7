/**
 * Cases of the reductions. They need more than eight elements: fewer are reduced as slices.
 *
 * @module
 */
import {
  argMax,
  cumSum,
  exp,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  mul,
  softmax,
  sum,
  transpose,
  variance,
} from "../../../src/ops/mod.ts";
import type { Axes } from "../../../src/shape.ts";
import type { DType } from "../../../src/host_data.ts";
import type { Tensor } from "../../../src/tensor.ts";
import {
  anyI32,
  anyU32,
  type Case,
  distinct,
  floats,
  type Input,
  listed,
  wholes,
} from "../case.ts";

const on = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({ name, inputs, f });

const device = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({
  ...on(name, f, ...inputs),
  deviceOnly: true,
});

const PLACES: readonly (readonly [name: string, shape: readonly number[], axes?: Axes])[] = [
  ["all of a vector", [9]],
  ["leading", [9, 4], 0],
  ["middle", [2, 10, 3], 1],
  ["trailing", [3, 11], -1],
  ["all of four axes", [2, 3, 2, 3]],
  ["apart", [2, 3, 5, 2], [0, 2]],
  ["first and last", [3, 2, 4], [0, 2]],
];

const LARGE: readonly (readonly [name: string, shape: readonly number[], axes?: Axes])[] = [
  ...[63, 64, 65, 257].map((n) => [`all of ${n}`, [n]] as const),
  ["all of 70001", [70001]],
  ["leading, of 257", [257, 65], 0],
  ["leading, long", [3001, 33], 0],
  ["middle, awkward", [7, 65, 63], 1],
  ["middle, many results", [20, 130, 64], 1],
  ["middle, many results, awkward", [5, 129, 401], 1],
  ["trailing, awkward", [65, 257], 1],
  ["trailing, one row", [1, 3001], 1],
  ["trailing, many rows", [3001, 9], 1],
  ["apart, awkward", [9, 7, 8, 65], [0, 2]],
  ["channels of images", [3, 9, 7, 33], [0, 1, 2]],
];

/** Long reductions, where the last element decides. */
const LONG: readonly (readonly [name: string, shape: readonly number[], axis: number])[] = [
  ["of 70001", [70001], 0],
  ["of 70001, trailing", [3, 70001], 1],
  ["of 70001, leading", [70001, 3], 0],
  ["of 70001, middle", [2, 70001, 5], 1],
  ["of 200003", [200003], 0],
];

/** Each element larger than the one before; as f32, integers below 2²⁴ are exact. */
const rising = (shape: readonly number[], dtype: DType): Input => ({
  shape,
  dtype,
  element: (i) => i - (dtype === "u32" ? 0 : 1_000_000),
});

/** Cumulative sums: of few columns and of many. */
const SCANS: readonly (readonly [name: string, shape: readonly number[], axis?: number])[] = [
  ["of a vector", [9]],
  ["leading", [9, 4], 0],
  ["middle", [2, 10, 3], 1],
  ["middle of five columns", [2, 5, 5], -2],
  ["trailing", [3, 11], -1],
  ["of two", [2]],
];

const LONG_SCANS: readonly (readonly [name: string, shape: readonly number[], axis: number])[] = [
  ...[63, 64, 65, 257].map((n) => [`of ${n}`, [n], 0] as const),
  ["of 70001", [70001], 0],
  ["leading, of 257", [257, 65], 0],
  ["leading, awkward", [129, 515], 0],
  ["leading, long", [3001, 33], 0],
  ["middle, awkward", [7, 65, 63], 1],
  ["trailing, awkward", [65, 257], 1],
  ["trailing, many rows", [3001, 9], 1],
];

const DTYPES = ["f32", "i32", "u32"] as const;

const long = (f: (x: Tensor, axis: number) => Tensor): Case[] =>
  LONG.flatMap(([name, shape, axis]) =>
    DTYPES.map((dtype) => ({
      ...device(`${dtype} ${name}`, (x) => f(x, axis), rising(shape, dtype)),
      tolerance: { relative: 0, absolute: 0 },
    }))
  );

const wholeSums: Case[] = LONG.flatMap(([name, shape, axis]) => [
  device(`u32 ${name}`, (x) => sum(x, axis), anyU32(shape)),
  device(`i32 ${name}`, (x) => sum(x, axis), anyI32(shape)),
]);

const exact = (c: Case): Case => ({ ...c, tolerance: { relative: 0, absolute: 0 } });

/** One NaN among many numbers, elsewhere in each row; infinities; rows without either. */
const extremes = (f: (x: Tensor, axes?: Axes) => Tensor, what = "extremes"): Case[] =>
  LARGE.map(([name, shape, axes]) =>
    device(`${what}, ${name}`, (x) => f(x, axes), {
      shape,
      dtype: "f32",
      element: (i) => {
        const kind = (i * 2654435761) % 4294967296 / 4294967296;
        return kind < 0.01 ? NaN : kind < 0.02 ? Infinity : kind < 0.05 ? -Infinity : kind - 0.5;
      },
    })
  );

/** Cases by reduction. */
export const REDUCTIONS: Readonly<Record<"sum" | "max" | "argMax" | "cumSum", readonly Case[]>> = {
  sum: [
    ...PLACES.map(([name, shape, axes]) => on(name, (x) => sum(x, axes), floats(shape))),
    ...LARGE.map(([name, shape, axes]) => device(name, (x) => sum(x, axes), floats(shape))),
    on("kept", (x) => sum(x, [1], { keep: true }), floats([2, 9])),
    on("few beside others", (x) => sum(x, [0, 2]), floats([3, 2, 4])),
    on("i32, with overflow", (x) => sum(x, 0), anyI32([65, 3])),
    on("u32, with overflow", (x) => sum(x), anyU32([257])),
    on("mean", (x) => mean(x, 0), floats([10, 3])),
    on("variance", (x) => variance(x, 0), floats([10, 3])),
    ...wholeSums,
    ...extremes(sum),
    device("variance, awkward", (x) => variance(x, [0, 1, 2]), floats([5, 9, 7, 3])),
    device("variance about 100", (x) => variance(x), floats([1000], 99, 101)),
  ],
  max: [
    ...PLACES.map(([name, shape, axes]) => on(name, (x) => max(x, axes), distinct(shape))),
    ...LARGE.map(([name, shape, axes]) =>
      exact(device(name, (x) => max(x, axes), floats(shape, -9, -1)))
    ),
    ...long(max),
    ...extremes(max),
    ...extremes(min, "min of extremes"),
    device("with ties", (x) => max(x, 1), listed([-3, -1, -2, -1], "f32", [7, 65])),
    device("far below zero", (x) => max(x), floats([65], -3e38, -1e38)),
    on("min", (x) => min(x, 0), distinct([9, 2])),
    on("i32", (x) => max(x, 1), wholes([3, 65], "i32", -(2 ** 31), -5)),
    on("u32", (x) => max(x, 0), anyU32([65, 3])),
    on("logSumExp", (x) => logSumExp(x, 1), distinct([2, 10])),
    on("logSumExp, apart", (x) => logSumExp(x, [0, 2]), distinct([2, 3, 5])),
    on("softmax", (x) => softmax(x), distinct([2, 10])),
    on("logSoftmax, leading", (x) => logSoftmax(x, 0), distinct([10, 2])),
    device("softmax, awkward", (x) => softmax(x, 1), floats([7, 257], -5, 5)),
    device("logSoftmax, far apart", (x) => logSoftmax(x), floats([7, 65], -200, 200)),
  ],
  argMax: [
    ...PLACES.filter(([, , axes]) => typeof axes === "number").map(([name, shape, axis]) =>
      on(name, (x) => argMax(x, axis as number), floats(shape))
    ),
    ...LARGE.filter(([, , axes]) => typeof axes === "number").map(([name, shape, axis]) =>
      on(name, (x) => argMax(x, axis as number), floats(shape, -9, -1))
    ),
    ...long(argMax),
    ...extremes((x, axes) => argMax(x, axes ?? [...x.shape.keys()])),
    on("the first of ties", (x) => argMax(x), listed([-3, -1, -2, -1, -1], "f32", [7, 65])),
    on("all equal", (x) => argMax(x, 0), listed([4], "f32", [257, 3])),
    on("of one", (x) => argMax(x), floats([7, 1])),
    on("of two", (x) => argMax(x), floats([65, 2])),
    on("kept", (x) => argMax(x, 0, { keep: true }), floats([9, 3])),
    on("i32", (x) => argMax(x, 1), wholes([3, 65], "i32", -(2 ** 31), -5)),
    on("u32", (x) => argMax(x, 0), anyU32([65, 3])),
  ],
  cumSum: [
    ...SCANS.flatMap(([name, shape, axis]) => [
      on(name, (x) => cumSum(x, axis), floats(shape)),
      on(`${name}, reverse`, (x) => cumSum(x, axis, { reverse: true }), floats(shape)),
    ]),
    ...LONG_SCANS.flatMap(([name, shape, axis]) => [
      device(name, (x) => cumSum(x, axis), floats(shape)),
      device(`${name}, reverse`, (x) => cumSum(x, axis, { reverse: true }), floats(shape)),
      device(`i32 ${name}`, (x) => cumSum(x, axis), anyI32(shape)),
      device(`u32 ${name}, reverse`, (x) => cumSum(x, axis, { reverse: true }), anyU32(shape)),
    ]),
    on("of what is computed, and into more", (x) => exp(cumSum(mul(x, 0.1), 0)), floats([9, 4])),
    on("of a transpose", (x) => cumSum(transpose(x), 0), floats([5, 9])),
    on("of one", (x) => cumSum(x, 1), floats([7, 1])),
    on("a sum to each and from it", (x) => cumSum(cumSum(x), -1, { reverse: true }), floats([9])),
  ],
};
