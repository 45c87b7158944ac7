/**
 * Random numbers as pure functions of a key. Counter-based bits (Threefry-2x32-20) are the same on every
 * device, and so are uniform and bernoulli, computed from them by exact arithmetic. Normal numbers agree up
 * to the rounding of each device's logarithm.
 *
 * @module
 */
import {
  add,
  broadcastTo,
  cast,
  iota,
  less,
  log,
  minimum,
  mul,
  neg,
  reshape,
  shiftRight,
  slice,
  sqrt,
  stack,
  sub,
  where,
} from "./ops/mod.ts";
import { constant } from "./ops/constant.ts";
import { threefry } from "./ops/threefry.ts";
import { showValue } from "./host_data.ts";
import { checkShape, type Shape, sizeOf } from "./shape.ts";
import { showSpec } from "./spec.ts";
import { Tensor, tensor } from "./tensor.ts";
import { keyData, PURPOSE } from "./threefry.ts";
import type { Tuple } from "./tuple.ts";

export { type KeyData, keyData } from "./threefry.ts";

/** A random key: two words, u32[2]. Use each key once; {@linkcode split} makes more. */
export type Key = Tensor;

/**
 * The key of a seed, an integer from 0 to 2⁵³ - 1. Throws RangeError on anything else.
 *
 * @example
 * ```ts
 * import { key, normal, open } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [again, same] = await run.read([normal(key(7), [3]), normal(key(7), [3])]);
 * console.assert(again.join() === same.join());
 * ```
 */
export const key = (seed: number): Key => tensor(Uint32Array.from(keyData(seed)));

function words(key: Key, shape: Shape): [Tensor, Tensor] {
  if (!(key instanceof Tensor) || key.dtype !== "u32" || key.shape.join() !== "2") {
    const found = (key as unknown) instanceof Tensor ? showSpec(key) : showValue(key);
    throw new TypeError(`random: expected a key, u32[2], found ${found}; key(0) is one`);
  }
  checkShape("random", shape);
  const word = (i: number) => broadcastTo(reshape(slice(key, [i], [i + 1]), []), shape);
  return [word(0), word(1)];
}

/**
 * `n` independent keys derived from one.
 *
 * @example
 * ```ts
 * import { key, open, split, uniform } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [first, second] = split(key(0));
 * const [a, b] = await run.read([uniform(first, [4]), uniform(second, [4])]);
 * console.assert(a.join() !== b.join());
 * ```
 */
export function split<N extends number = 2>(key: Key, n = 2 as N): Readonly<Tuple<Key, N>> {
  const [k0, k1] = words(key, [n]);
  const both = [0, 1].map((word) => threefry(k0, k1, iota(n, "u32"), PURPOSE.split, word));
  const children = stack(both, 1);
  const child = (_: unknown, i: number) => reshape(slice(children, [i], [i + 1]), [2]);
  return Array.from({ length: n }, child) as Tuple<Key, N>;
}

/**
 * A key derived from another and an integer (u32[] or a number from 0 to 2³² - 1), such as a step.
 *
 * @example
 * ```ts
 * import { key, open, random, uniform } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const noise = [0, 1, 2].map((step) => uniform(random.foldIn(key(0), step), [2]));
 * const [first, second] = await run.read(noise);
 * console.assert(first!.join() !== second!.join());
 * ```
 */
export function foldIn(key: Key, data: Tensor | number): Key {
  const [k0, k1] = words(key, []);
  const counter = data instanceof Tensor
    ? cast(data, "u32")
    : tensor(Uint32Array.of(checkUint32(data)), []);
  return stack([0, 1].map((word) => threefry(k0, k1, counter, PURPOSE.fold, word)));
}

function checkUint32(n: number): number {
  if (Number.isInteger(n) && n >= 0 && n < 2 ** 32) return n;
  throw new RangeError(`foldIn: expected an integer from 0 to 2^32 - 1, found ${n}`);
}

/**
 * Random bits, u32 of the given shape.
 *
 * @param skip Numbers to skip: those of elements 0, 1, … are numbers `skip`, `skip` + 1, … of the key.
 *
 * @example
 * ```ts
 * import { key, open, random } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const words = await run.read(random.bits(key(0), [2, 3]));
 * console.assert(words instanceof Uint32Array && words.length === 6);
 * ```
 */
export function bits(key: Key, shape: Shape, skip = 0): Tensor {
  const [k0, k1] = words(key, shape), numbers = iota(sizeOf(shape), "u32");
  const counters = skip === 0 ? numbers : add(numbers, skip);
  return threefry(k0, k1, reshape(counters, shape), PURPOSE.bits, 0);
}

/** The largest f32 less than a number. */
function below(x: number): number {
  const float = Float32Array.of(x), bits = new Int32Array(float.buffer);
  if (float[0]! < x) return float[0]!;
  if (float[0] === 0) return -(2 ** -149);
  bits[0]! += float[0]! > 0 ? -1 : 1;
  return float[0]!;
}

/**
 * Uniform numbers in [low, high), [0, 1) if left out, in multiples of (high - low) · 2⁻²⁴; f32 of the given
 * shape.
 *
 * @example
 * ```ts
 * import { key, open, uniform } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const numbers = await run.read(uniform(key(0), [100], -1, 1));
 * console.assert(numbers.every((x) => x >= -1 && x < 1));
 * ```
 */
export function uniform(key: Key, shape: Shape, low = 0, high = 1): Tensor {
  const unit = mul(cast(shiftRight(bits(key, shape), 8), "f32"), 2 ** -24);
  if (low === 0 && high === 1) return unit;
  // The sum may round up to `high`, about once in millions.
  return minimum(add(mul(unit, high - low), low), below(high));
}

/**
 * 1 with probability p, else 0, u32 of the given shape.
 *
 * @param skip Numbers of the key to skip, as of {@linkcode bits}.
 *
 * @example
 * ```ts
 * import { key, open, ops, random } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const [heads] = await run.read(ops.sum(random.bernoulli(key(0), 0.5, [1000])));
 * console.assert(heads! > 400 && heads! < 600);
 * ```
 */
export function bernoulli(key: Key, p: number, shape: Shape, skip = 0): Tensor {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`bernoulli: expected a probability from 0 to 1, found ${p}`);
  }
  // uniform(key, shape) < p, in integers, so that no device rounds p.
  return less(shiftRight(bits(key, shape, skip), 8), Math.ceil(p * 2 ** 24));
}

// Giles, "Approximating the erfinv function", GPU Computing Gems 2 (2010): highest power first.
const CENTRAL = [
  2.81022636e-08,
  3.43273939e-07,
  -3.5233877e-06,
  -4.39150654e-06,
  0.00021858087,
  -0.00125372503,
  -0.00417768164,
  0.246640727,
  1.50140941,
];
const TAIL = [
  -0.000200214257,
  0.000100950558,
  0.00134934322,
  -0.00367342844,
  0.00573950773,
  -0.0076224613,
  0.00943887047,
  1.00167406,
  2.83297682,
];

/**
 * Standard normal numbers, f32 of the given shape: the inverse of the cumulative distribution function at
 * the center of one of 2²⁴ equal intervals, so never beyond ±5.4.
 *
 * @example
 * ```ts
 * import { key, normal, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = normal(key(0), [10_000]);
 * const [mean, variance] = await run.read([ops.mean(x), ops.variance(x)]);
 * console.assert(Math.abs(mean[0]!) < 0.05 && Math.abs(variance[0]! - 1) < 0.05);
 * ```
 */
export function normal(key: Key, shape: Shape): Tensor {
  const step = cast(shiftRight(bits(key, shape), 8), "f32");
  // 2u - 1 and the product 1 - (2u - 1)² = 4u(1 - u), both exact enough near the ends.
  const u = add(mul(step, 2 ** -24), 2 ** -25);
  const x = sub(mul(u, 2), 1);
  const complement = mul(add(mul(sub(2 ** 24 - 1, step), 2 ** -24), 2 ** -25), mul(u, 4));
  const w = neg(log(complement));
  const horner = (coefficients: readonly number[], at: Tensor) =>
    coefficients.slice(1).reduce(
      (sum, c) => add(mul(sum, at), c),
      constant(coefficients[0]!, shape),
    );
  const value = where(less(w, 5), horner(CENTRAL, sub(w, 2.5)), horner(TAIL, sub(sqrt(w), 3)));
  return mul(mul(value, x), Math.SQRT2);
}
