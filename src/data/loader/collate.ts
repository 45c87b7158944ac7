/**
 * Collates a batch: converts its images from the data set's bytes to floats, preprocessed and augmented.
 *
 * @module
 */
import type { Prepared } from "../prepared.ts";
import { type Crop, WHOLE_IMAGE } from "./augment.ts";
import type { BatchHeader, BatchPlan } from "./sampler.ts";

/** One batch on the host. */
export interface Batch extends BatchHeader {
  /** The net's input, [batch, height, width, channels]; zeros after `count` images. */
  readonly images: Float32Array<ArrayBuffer>;
  /** The class of each image, [batch]; zeros after `count` images. */
  readonly labels: Int32Array<ArrayBuffer>;
}

/** The arrays of a batch. */
export type BatchBuffers = Pick<Batch, "images" | "labels">;

/** Makes the batch at an index, in the given buffers, which are overwritten, or in new ones. */
export type MakeBatch = (index: number, buffers?: BatchBuffers) => Batch;

/** Writes image `index`, cropped, as the `slot`-th of `out`, which holds zeros there. */
function writeImage(
  source: Prepared,
  index: number,
  out: Float32Array,
  slot: number,
  padding: number,
  { top, left, mirrored }: Crop,
): void {
  const { dataset: { images, height, width, channels }, mean } = source;
  const scale = source.scale[index]!, offset = source.offset[index]!;
  const rowBytes = width * channels, imageBytes = height * rowBytes;
  const down = top - padding, right = left - padding;
  const firstRow = Math.max(0, -down), endRow = Math.min(height, height - down);
  const firstColumn = Math.max(0, right), endColumn = Math.min(width, width + right);
  const run = Math.max(0, endColumn - firstColumn);
  for (let row = firstRow; row < endRow; row++) {
    const inMean = (row + down) * rowBytes + firstColumn * channels;
    const from = index * imageBytes + inMean;
    const start = slot * imageBytes + row * rowBytes;
    if (!mirrored) {
      const to = start + (firstColumn - right) * channels;
      for (let k = 0, end = run * channels; k < end; k++) {
        out[to + k] = images[from + k]! * scale - offset - mean[inMean + k]!;
      }
    } else {
      let to = start + (width - 1 - (firstColumn - right)) * channels;
      for (let pixel = 0, k = 0; pixel < run; pixel++, to -= channels) {
        for (let channel = 0; channel < channels; channel++, k++) {
          out[to + channel] = images[from + k]! * scale - offset - mean[inMean + k]!;
        }
      }
    }
  }
}

/** Elements of a batch's images. */
export const imageElements = ({ dataset: { height, width, channels } }: Prepared, size: number) =>
  size * height * width * channels;

/** Zero-filled buffers of a batch: the given ones, or new ones. */
function clearBuffers(elements: number, size: number, buffers?: BatchBuffers): BatchBuffers {
  if (!buffers) return { images: new Float32Array(elements), labels: new Int32Array(size) };
  return { images: buffers.images.subarray(0, elements).fill(0), labels: buffers.labels.fill(0) };
}

/** Makes the batch of a plan, in the given buffers or in new ones. */
export function collate(source: Prepared, plan: BatchPlan, buffers?: BatchBuffers): Batch {
  const { size, indices, count, epoch, index, crop } = plan;
  const { images, labels } = clearBuffers(imageElements(source, size), size, buffers);
  const padding = crop ? source.augmentation!.padding : 0;
  for (let slot = 0; slot < count; slot++) {
    writeImage(source, indices[slot]!, images, slot, padding, crop?.(slot) ?? WHOLE_IMAGE);
    labels[slot] = source.dataset.labels[indices[slot]!]!;
  }
  return { images, labels, count, epoch, index };
}
