/**
 * Cases of the scalar instructions.
 *
 * @module
 */
import {
  abs,
  add,
  cast,
  constant,
  div,
  equal,
  erf,
  exp,
  floor,
  iota,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  remainder,
  type ScalarName,
  shiftRight,
  sigmoid,
  sign,
  sqrt,
  sub,
  tanh,
  where,
} from "../../../src/ops/mod.ts";
import { threefry } from "../../../src/ops/threefry.ts";
import type { Tensor } from "../../../src/tensor.ts";
import {
  anyI32,
  anyU32,
  awayFromZero,
  type Case,
  distinct,
  floats,
  type Input,
  listed,
  wholes,
} from "../case.ts";

/** Sizes around those of vectors, warps and workgroups. */
const SIZES = [1, 7, 8, 63, 64, 65, 257];
const SMALL = [2, 3], AWKWARD = [257];

type Unary = (x: Tensor) => Tensor;
type Binary = (a: Tensor, b: Tensor) => Tensor;
type Ranged = (shape: readonly number[]) => Input;

/** A small case for derivatives and an awkward one for devices. */
const unary = (f: Unary, input: Ranged): Case[] =>
  [SMALL, AWKWARD].map((shape) => ({ name: `f32[${shape}]`, inputs: [input(shape)], f }));

const binary = (f: Binary, a: Ranged, b: Ranged = a): Case[] =>
  [SMALL, AWKWARD].map((shape) => ({ name: `f32[${shape}]`, inputs: [a(shape), b(shape)], f }));

const on = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({ name, inputs, f });

const apart = (name: string, f: Case["f"], ...inputs: Input[]): Case => ({
  ...on(name, f, ...inputs),
  deviceOnly: true,
});

const range = (low: number, high: number): Ranged => (shape) => floats(shape, low, high);

const wholePairs = (f: Binary): Case[] => [
  on("i32, all of it", f, anyI32([65]), anyI32([65])),
  on("u32, all of it", f, anyU32([65]), anyU32([65])),
];

const comparisons = (f: Binary): Case[] => [
  on("f32", f, floats([65]), floats([65])),
  on("f32, often equal", f, listed([0, 1, -1, 2]), listed([0, -1, -1, 2])),
  on("zeros of both signs", f, listed([0, -0, 0, -0]), listed([-0, 0, 0, -0])),
  on("i32, often equal", f, wholes([65], "i32", -2, 2), wholes([65], "i32", -2, 2)),
  ...wholePairs(f),
];

const NONZERO = [3, -7, 1, -1, 5, 1000, -2];

/** Cases by scalar instruction. */
export const SCALAR_CASES: Readonly<Record<ScalarName, readonly Case[]>> = {
  constant: [
    on("a fraction", () => constant(1.1, [7])),
    on("a scalar", () => constant(-2.5)),
    apart("extremes", (x) => add(mul(x, constant(1e-30, [3])), 3e38), listed([1, -1, 0])),
    on("i32, the lowest", () => constant(-(2 ** 31), [65], "i32")),
    on("u32, the highest", () => constant(2 ** 32 - 1, [3], "u32")),
    on("as an operand", (x) => mul(x, 2.5), floats([2, 3])),
  ],
  iota: [
    on("i32", () => iota(257)),
    on("u32", () => iota(65, "u32")),
    on("f32, one", () => iota(1, "f32")),
    on("f32, under a map", (x) => mul(x, iota(5, "f32")), floats([3, 5])),
  ],
  add: [
    ...SIZES.map((n) => on(`f32[${n}]`, add, floats([n]), floats([n]))),
    on("scalars", add, floats([]), floats([])),
    on("broadcast", add, floats([3, 1, 5]), floats([2, 1])),
    ...wholePairs(add),
  ],
  sub: [...binary(sub, range(-1, 1)), ...wholePairs(sub)],
  mul: [
    ...binary(mul, range(-2, 2)),
    on("of itself", (x) => mul(x, x), floats([7])),
    on("a power", (x) => pow(x, 3), floats([2, 3], -2, 2)),
    ...wholePairs(mul),
  ],
  div: [
    ...binary(div, range(-2, 2), (shape) => awayFromZero(shape, 0.5)),
    on("a negative power", (x) => pow(x, -2), awayFromZero([2, 3], 0.5)),
    on("i32", div, wholes([65], "i32", -1000, 1000), listed(NONZERO, "i32", [65])),
    on("u32", div, anyU32([65]), wholes([65], "u32", 1, 1000)),
    on("u32 by the highest", div, anyU32([65]), listed([2 ** 32 - 1, 2 ** 31], "u32", [65])),
  ],
  remainder: [
    on("f32[6]", remainder, floats([6], -5, 5), floats([6], 0.7, 2)),
    {
      ...apart("f32[257]", remainder, floats([257], -5, 5), awayFromZero([257], 0.7)),
      tolerance: { absolute: 1e-5 },
    },
    on("i32", remainder, wholes([65], "i32", -1000, 1000), listed(NONZERO, "i32", [65])),
    on("u32", remainder, anyU32([65]), wholes([65], "u32", 1, 1000)),
  ],
  neg: [
    ...unary(neg, range(-1, 1)),
    on("i32, the lowest too", neg, listed([1, 0, -5, -(2 ** 31)], "i32")),
    on("u32", neg, listed([0, 1, 2 ** 31, 2 ** 32 - 1], "u32")),
  ],
  exp: [
    ...unary(exp, range(-2, 2)),
    apart("far out", exp, listed([0, 1, 80, -80, -100, -1000])),
  ],
  log: [
    ...unary(log, range(0.2, 3)),
    apart("far out", log, listed([1, 1e-30, 1e30, 0.999, 1.001])),
  ],
  sqrt: [
    ...unary(sqrt, range(0.2, 3)),
    apart("far out", sqrt, listed([0, 1e-30, 1e30, 4])),
    on("a power", (x) => pow(x, 0.5), floats([2, 3], 0.5, 2)),
  ],
  tanh: [
    ...unary(tanh, range(-2, 2)),
    apart("far out", tanh, listed([0, -0, 1e-4, 9, -9, 50, -50, 100, -100, 1e5, -1e5])),
  ],
  sigmoid: [
    ...unary(sigmoid, range(-3, 3)),
    apart("far out", sigmoid, listed([0, 20, -20, 100, -100, 1e5, -1e5])),
  ],
  erf: [
    ...unary(erf, range(-3, 3)),
    apart("far out", erf, listed([0, -0, 1e-4, 0.9375, 3.9, -4, 4.1, 20, -100, 1e5, -3e38])),
    apart("small", erf, listed([1e-30, -1e-30, 1e-36])),
  ],
  abs: [
    ...unary(abs, awayFromZero),
    on("i32", abs, listed([5, -5, 0, -2147483647], "i32")),
    on("u32", abs, listed([0, 2 ** 32 - 1], "u32")),
  ],
  sign: [
    ...unary(sign, awayFromZero),
    apart("of zeros", sign, listed([0, -0, 1e-30, -1e-30])),
    on("i32", sign, listed([5, -5, 0, -(2 ** 31)], "i32")),
    on("u32", sign, listed([0, 1, 2 ** 32 - 1], "u32")),
  ],
  floor: [
    ...unary(floor, range(-5, 5)),
    apart("at integers", floor, listed([-2, -0.5, -0, 0, 0.5, 2, 1e9])),
  ],
  pow: [
    ...binary(pow, range(0.5, 2), range(-2, 3)),
    apart("of zero", pow, listed([0, 0, 2]), listed([2.5, 0.5, -3])),
    on("by a fraction", (x) => pow(x, 1.7), floats([2, 3], 0.5, 2)),
  ],
  maximum: [
    ...binary(maximum, distinct, (shape) => floats(shape)),
    apart("often equal", maximum, listed([0, 1, -1, 2]), listed([0, -1, -1, 2])),
    ...wholePairs(maximum),
  ],
  minimum: [
    ...binary(minimum, distinct, (shape) => floats(shape)),
    apart("often equal", minimum, listed([0, 1, -1, 2]), listed([0, -1, -1, 2])),
    ...wholePairs(minimum),
  ],
  equal: comparisons(equal),
  less: comparisons(less),
  lessEqual: comparisons(lessEqual),
  where: [
    on("f32", where, listed([0, 1, 2, 0, 2 ** 31], "u32", [65]), floats([65]), floats([65])),
    on("broadcast", where, listed([0, 1, 1], "u32", [3, 1]), floats([2]), floats([])),
    on("i32", where, wholes([65], "u32", 0, 2), anyI32([65]), anyI32([65])),
    on("u32", where, wholes([65], "u32", 0, 2), anyU32([65]), anyU32([65])),
  ],
  cast: [
    on("f32 to i32", (x) => cast(x, "i32"), floats([65], -1000, 1000)),
    on("f32 to u32", (x) => cast(x, "u32"), floats([65], 0, 1000)),
    on("i32 to f32", (x) => cast(x, "f32"), anyI32([65])),
    on("u32 to f32", (x) => cast(x, "f32"), anyU32([65])),
    on("i32 to u32", (x) => cast(x, "u32"), anyI32([65])),
    on("u32 to i32", (x) => cast(x, "i32"), anyU32([65])),
  ],
  shiftRight: [
    on("u32", shiftRight, anyU32([65]), wholes([65], "u32", 0, 32)),
    on("i32", shiftRight, anyI32([65]), wholes([65], "i32", 0, 32)),
    on("by a number", (x) => shiftRight(x, 8), anyU32([65])),
  ],
  threefry: [0, 1].flatMap((word) =>
    [0, 1, 2].map((purpose) =>
      on(
        `purpose ${purpose}, word ${word}`,
        (k0, k1, counter) => threefry(k0, k1, counter, purpose, word),
        anyU32([65]),
        anyU32([65]),
        anyU32([65]),
      )
    )
  ),
};
