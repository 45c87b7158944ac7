/**
 * Images in the middle of a larger field.
 *
 * @module
 */
import { type Layer, stateless } from "../nn/mod.ts";
import { pad } from "../ops/mod.ts";
import { showSpec } from "../spec.ts";

/** The zeros before and after an axis of an image in a field. */
const around = (size: number, field: number): [before: number, after: number] => {
  const missing = Math.max(0, field - size), before = Math.floor(missing / 2);
  return [before, missing - before];
};

/**
 * A layer that puts images in the middle of a square field of zeros; larger ones it leaves as they are.
 *
 * @param most What to say about images that are larger than the field, if they are none for the net.
 */
export const centered = (field: number, most?: string): Layer =>
  stateless("centered", (x) => {
    const [, height, width] = x.shape as [number, number, number, number];
    if (most !== undefined && Math.max(height, width) > field) {
      throw new RangeError(
        `${most}: expected images of at most ${field} × ${field}, found ${showSpec(x)}`,
      );
    }
    return pad(x, [[0, 0], around(height, field), around(width, field), [0, 0]]);
  }) as Layer;
