/**
 * The loops of resampling in WebAssembly: sums of bytes times weights, four at a time, rounded to bytes.
 *
 * @module
 */
import { Func, type Local } from "../../../src/device/cpu/wasm/function.ts";
import { type Instance, instantiate } from "../../../src/device/cpu/wasm/instance.ts";
import { ModuleBuilder } from "../../../src/device/cpu/wasm/module.ts";
import { PRECISION } from "./weights.ts";

/** Bytes that the loops may read and write after an array's end. */
export const SLACK = 16;

/** Half of a weight of 1, from which sums start, so that they are rounded. */
const HALF = 1 << (PRECISION - 1);

/** Adds the four bytes on the stack, as 32-bit words, times a weight to a sum. */
const accumulate = (f: Func, sum: Local, weight: Local) =>
  f.get(weight).op("i32x4.mul").get(sum).op("i32x4.add").set(sum);

/** Pushes the words of a sum without their fraction. */
const rounded = (f: Func, sum: Local) => f.get(sum).i32(PRECISION).op("i32x4.shr_s");

/**
 * Resamples a row: `columns(row, out, outEnd, first, weights, count)`. Pointers are in bytes; `first` has the
 * first pixel of each, in bytes from the row's start.
 */
function columns(channels: number): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [row, out, outEnd, first, weights, count] = f.inputs(6);
  const [from, end] = f.locals("i32", 2), [sum, weight] = f.locals("v128", 2);
  f.while(out, outEnd, channels, () => {
    f.get(row, first).access("i32.load").op("i32.add").set(from);
    f.get(weights, count).i32(2).op("i32.shl", "i32.add").set(end);
    f.integers(HALF).set(sum);
    f.until(weights, end, () => {
      f.get(weights).access("v128.load32_splat").set(weight);
      f.get(from).access("v128.load32_zero");
      f.op("i16x8.extend_low_i8x16_u", "i32x4.extend_low_i16x8_u");
      accumulate(f, sum, weight);
      f.advance(from, channels).advance(weights, 4);
    });
    f.advance(first, 4);
    f.get(out);
    rounded(f, sum).get(sum).op("i16x8.narrow_i32x4_s");
    f.get(sum).op("i8x16.narrow_i16x8_u").storeLane(0);
  });
  return f;
}

/** The extensions of sixteen bytes to four vectors of words. */
const QUARTERS = [
  ["i16x8.extend_low_i8x16_u", "i32x4.extend_low_i16x8_u"],
  ["i16x8.extend_low_i8x16_u", "i32x4.extend_high_i16x8_u"],
  ["i16x8.extend_high_i8x16_u", "i32x4.extend_low_i16x8_u"],
  ["i16x8.extend_high_i8x16_u", "i32x4.extend_high_i16x8_u"],
] as const;

/** Sums rows, `stride` bytes apart: `rows(first, stride, out, outEnd, weights, count)`. */
function rows(): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [first, stride, out, outEnd, weights, count] = f.inputs(6);
  const [from, tap, end] = f.locals("i32", 3), sums = f.locals("v128", 4);
  const [bytes, weight] = f.locals("v128", 2);
  f.get(weights, count).i32(2).op("i32.shl", "i32.add").set(end);
  f.while(out, outEnd, 16, () => {
    for (const sum of sums) f.integers(HALF).set(sum);
    f.get(first).set(from).get(weights).set(tap);
    f.until(tap, end, () => {
      f.get(tap).access("v128.load32_splat").set(weight);
      f.get(from).access("v128.load").set(bytes);
      QUARTERS.forEach((extend, i) => {
        f.get(bytes).op(...extend);
        accumulate(f, sums[i]!, weight);
      });
      f.get(from, stride).op("i32.add").set(from).advance(tap, 4);
    });
    f.get(out);
    rounded(f, sums[0]);
    rounded(f, sums[1]).op("i16x8.narrow_i32x4_s");
    rounded(f, sums[2]);
    rounded(f, sums[3]).op("i16x8.narrow_i32x4_s", "i8x16.narrow_i16x8_u").access("v128.store");
    f.advance(first, 16);
  });
  return f;
}

let loops: Instance | undefined;

/** The loops, with their memory, compiled once a thread: `columns1` to `columns4` by channels, and `rows`. */
export function resamplingLoops(): Instance {
  if (loops) return loops;
  const module = new ModuleBuilder();
  for (const channels of [1, 2, 3, 4]) module.add(columns(channels), `columns${channels}`);
  module.add(rows(), "rows");
  return loops = instantiate(module);
}
