/**
 * Converts a batch in host memory to tensors.
 *
 * @module
 */
import type { Batch } from "../../data/mod.ts";
import { owning, type Tensor, tensor } from "../../tensor.ts";

/** The size of an image; a `Dataset` has it. */
export interface ImageSize {
  /** Rows. */
  readonly height: number;
  /** Columns. */
  readonly width: number;
  /** Numbers per pixel. */
  readonly channels: number;
}

/** A batch as tensors: the input of a training step. */
export type BatchTensors = {
  /** [batch, height, width, channels]. */
  readonly images: Tensor;
  /** Classes i32[batch], or numbers f32[batch, outputs]. */
  readonly labels: Tensor;
  /** 1 in the first batch of an epoch, where the sums restart, else 0; u32[]. */
  readonly first: Tensor;
};

/** The images and labels of a batch: the input of an evaluation. */
export type Examples = Pick<BatchTensors, "images" | "labels">;

/** The images and labels of a batch as tensors over its own arrays. */
export function exampleTensors(
  { images, labels }: Pick<Batch, "images" | "labels">,
  { height, width, channels }: ImageSize,
): Examples {
  const batch = images.length / (height * width * channels);
  return {
    images: owning(images, [batch, height, width, channels]),
    labels: labels instanceof Int32Array
      ? owning(labels)
      : owning(labels, [batch, labels.length / batch]),
  };
}

/** 1 for the first batch of an epoch, else 0; u32[]. */
export const epochStart = (first: boolean): Tensor => tensor(Uint32Array.of(first ? 1 : 0), []);

/**
 * A batch as the input of a training step. The first batch of an epoch restarts the sums.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const dataset = g.data.procedural({ split: "train", count: 20, size: 16, channels: 1 });
 * const { train } = g.data.prepareMnist(dataset, dataset);
 * for (const batch of g.data.testBatches(train, { batch: 10 })) {
 *   const { images, labels } = g.train.batchTensors(batch, dataset);
 *   console.assert(images.shape.join() === "10,16,16,1" && labels.shape.join() === "10");
 * }
 * ```
 */
export const batchTensors = (batch: Batch, size: ImageSize): BatchTensors => ({
  ...exampleTensors(batch, size),
  first: epochStart(batch.index === 0),
});
