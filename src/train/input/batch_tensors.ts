/**
 * Batches of bytes on the host as tensors.
 *
 * @module
 */
import type { Batch } from "../../data/mod.ts";
import { owning, type Tensor, tensor } from "../../tensor.ts";
import type { Minibatch } from "../step.ts";

/** Sizes of one image; a `Dataset` has them. */
export interface ImageSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Numbers a pixel. */
  readonly channels: number;
}

/** A batch as tensors: images f32[batch, height, width, channels] and labels i32[batch]. */
export function batchTensors(
  { images, labels }: Batch,
  { height, width, channels }: ImageSize,
): { readonly images: Tensor; readonly labels: Tensor } {
  return {
    images: owning(images, [labels.length, height, width, channels]),
    labels: owning(labels),
  };
}

/** 1 for the first batch of an epoch, else 0; u32[]. */
export const firstOf = ({ index }: Pick<Batch, "index">): Tensor =>
  tensor(Uint32Array.of(index === 0 ? 1 : 0), []);

/**
 * A batch as a training step takes it. The first of an epoch begins the sums anew.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const dataset = g.data.procedural({ split: "train", count: 20, size: 16, channels: 1 });
 * const { train } = g.data.prepareMnist(dataset, dataset);
 * for (const batch of g.data.testBatches(train, { batch: 10 })) {
 *   const { images, labels } = g.train.minibatch(batch, dataset);
 *   console.assert(images.shape.join() === "10,16,16,1" && labels.shape.join() === "10");
 * }
 * ```
 */
export const minibatch = (batch: Batch, size: ImageSize): Minibatch => ({
  ...batchTensors(batch, size),
  first: firstOf(batch),
});
