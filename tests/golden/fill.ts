/**
 * The deterministic numbers that the golden files start from. write_golden.py makes the same ones;
 * "fills" in init.json holds some of them.
 *
 * @module
 */

import type { Fill } from "./types.ts";

/** `n` float32 numbers in [-scale, scale): an integer hash of the index and the seed. */
export function fill(n: number, seed: number, scale: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    h ^= h >>> 15;
    out[i] = ((h >>> 0) / 2147483648 - 1) * scale;
  }
  return out;
}

/** The numbers that a golden file describes by shape, seed and scale, in row-major order. */
export function filled({ shape, seed, scale }: Fill): Float32Array<ArrayBuffer> {
  return fill(shape.reduce((a, b) => a * b, 1), seed, scale);
}

/** The 16 elements of a flat tensor that the train files keep: evenly, from first to last. */
export function samples(data: ArrayLike<number>): number[] {
  return Array.from({ length: 16 }, (_, k) => data[Math.floor(k * (data.length - 1) / 15)]!);
}
