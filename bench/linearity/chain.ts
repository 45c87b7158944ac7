/**
 * Nets of any depth whose layers all cost the same.
 *
 * @module
 */
import { conv, dense, flatten, globalMaxPool, type Layer, sequential } from "../../src/nn/mod.ts";
import type { Params } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";

/** Channels of every convolution, each of two maxout pieces, and the side of the images. */
const CHANNELS = 16, SIDE = 32;

/** A net of `depth` 3×3 convolutions with maxout, and a classifier. */
export const chain = (depth: number, channels = CHANNELS): Layer<readonly Params[]> =>
  sequential(
    ...Array.from({ length: depth }, () => conv(channels, 3, { padding: 1, pieces: 2 })),
    globalMaxPool,
    flatten,
    dense(10),
  );

/** A batch for it. */
export const imagesOf = (batch: number, side = SIDE): Spec => ({
  shape: [batch, side, side, 3],
  dtype: "f32",
});
