/**
 * A sequential random number generator seeded by a key, for drawing images.
 *
 * @module
 */
import { type KeyData, threefry } from "../../threefry.ts";

/** Returns the next random number from 0 to 1. */
export type Draw = () => number;

/** The generator of a key and a purpose. */
export function drawFrom(key: KeyData, purpose: number): Draw {
  let block = 0, spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const second = spare;
      spare = undefined;
      return second / 2 ** 32;
    }
    const [first, second] = threefry(key, block++, purpose);
    spare = second;
    return first / 2 ** 32;
  };
}

/** A uniform number from `low` to `high`. */
export const between = (draw: Draw, low: number, high: number): number =>
  low + (high - low) * draw();

/** A uniformly chosen element. */
export const choose = <T>(draw: Draw, all: readonly T[]): T =>
  all[Math.floor(draw() * all.length)]!;

/** A uniformly distributed unit vector: a point in the unit disc, normalized. */
export function direction(draw: Draw): readonly [x: number, y: number] {
  for (;;) {
    const x = 2 * draw() - 1, y = 2 * draw() - 1, square = x * x + y * y;
    if (square > 0.01 && square <= 1) return [x / Math.sqrt(square), y / Math.sqrt(square)];
  }
}
