/**
 * Collates a batch: converts its images from the data set's bytes to floats, preprocessed and augmented.
 *
 * @module
 */
import { labelSize } from "../dataset.ts";
import type { ImageReader } from "../image_stream.ts";
import { inputSize, type Prepared, type Window } from "../prepared.ts";
import type { Crop } from "./augment.ts";
import type { BatchHeader, BatchPlan } from "./sampler.ts";

/** One batch on the host. */
export interface Batch extends BatchHeader {
  /** The net's input, [batch, height, width, channels]; zeros after `count` images. */
  readonly images: Float32Array<ArrayBuffer>;
  /**
   * The class of each image, [batch], or its numbers, [batch, classes], in a `Float32Array`; zeros after
   * `count` images.
   */
  readonly labels: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** The arrays of a batch. */
export type BatchBuffers = Pick<Batch, "images" | "labels">;

/** Makes the batch at an index, in the given buffers, which are overwritten, or in new ones. */
export type MakeBatch = (index: number, buffers?: BatchBuffers) => Batch;

/** The bytes of images: those of image `i` begin at `i × stride`. */
interface ImageBytes {
  readonly images: Uint8Array;
  readonly stride: number;
}

/** Writes `length` elements of an image from `from` on, preprocessed, to `to` on. */
type WriteElements = (image: number, from: number, to: number, length: number) => void;

const inMemory = ({ images, height, width, channels }: Prepared["dataset"]): ImageBytes => ({
  images,
  stride: height * width * channels,
});

/** Writes elements from a data set's bytes, or from its whitened images. */
function elementWriter(
  { scale, offset, mean, whitened }: Prepared,
  { images, stride }: ImageBytes,
  out: Float32Array,
): WriteElements {
  if (whitened) {
    return (image, from, to, length) => {
      const start = image * stride + from;
      out.set(whitened.images.subarray(start, start + length), to);
    };
  }
  return (image, from, to, length) => {
    const start = image * stride + from, by = scale[image]!, less = offset[image]!;
    for (let k = 0; k < length; k++) {
      out[to + k] = images[start + k]! * by - less - mean[from + k]!;
    }
  };
}

/** Reverses the order of pixels in a row, from element `from` on. */
function mirrorPixels(row: Float32Array, from: number, pixels: number, channels: number): void {
  for (let left = from, right = from + (pixels - 1) * channels; left < right;) {
    for (let channel = 0; channel < channels; channel++) {
      const kept = row[left + channel]!;
      row[left + channel] = row[right + channel]!;
      row[right + channel] = kept;
    }
    left += channels;
    right -= channels;
  }
}

/** Writes windows of images of a size, `frame`, as those of a batch, `out`, which holds zeros there. */
function windowWriter(source: Prepared, bytes: ImageBytes, frame: Window, out: Float32Array) {
  const { height, width, channels } = inputSize(source);
  const write = elementWriter(source, bytes, out);
  return (image: number, slot: number, { top, left, mirrored }: Crop) => {
    const firstRow = Math.max(0, -top), endRow = Math.min(height, frame.height - top);
    const first = Math.max(0, left), end = Math.min(frame.width, left + width);
    const run = end - first;
    if (run <= 0) return;
    const column = mirrored ? width - run - (first - left) : first - left;
    for (let row = firstRow; row < endRow; row++) {
      const from = ((row + top) * frame.width + first) * channels;
      const to = ((slot * height + row) * width + column) * channels;
      write(image, from, to, run * channels);
      if (mirrored) mirrorPixels(out, to, run, channels);
    }
  };
}

/** Elements of a batch's images. */
export function imageElements(source: Prepared, size: number): number {
  const { height, width, channels } = inputSize(source);
  return size * height * width * channels;
}

/** Elements of a batch's labels. */
export const labelElements = ({ dataset }: Prepared, size: number): number =>
  size * labelSize(dataset);

/** New buffers for a batch of a source, zero-filled. */
export function allocateBuffers(source: Prepared, size: number): BatchBuffers {
  const labels = labelElements(source, size);
  return {
    images: new Float32Array(imageElements(source, size)),
    labels: source.dataset.labels instanceof Float32Array
      ? new Float32Array(labels)
      : new Int32Array(labels),
  };
}

/** Zero-filled buffers of a batch: the given ones, or new ones. */
function clearBuffers(source: Prepared, size: number, buffers?: BatchBuffers): BatchBuffers {
  if (!buffers) return allocateBuffers(source, size);
  const images = buffers.images.subarray(0, imageElements(source, size));
  return { images: images.fill(0), labels: buffers.labels.fill(0) };
}

/**
 * Makes the batch of a plan, in the given buffers or in new ones.
 *
 * @param reader The reader of a stream, whose next images are those of the plan; one that cannot be read is zero.
 */
export function collate(
  source: Prepared,
  plan: BatchPlan,
  buffers?: BatchBuffers,
  reader?: ImageReader,
): Batch {
  const { size, indices, count, epoch, index, crop, part } = plan, { dataset } = source;
  const { images, labels } = clearBuffers(source, size, buffers), each = labelSize(dataset);
  const frame = part ? inputSize(source) : dataset;
  const write = (bytes: ImageBytes) => windowWriter(source, bytes, frame, images);
  const writeStored = write(inMemory(dataset));
  for (let slot = 0; slot < count; slot++) {
    const image = indices[slot]!;
    if (reader) {
      const bytes = reader.next();
      if (bytes) write({ images: bytes, stride: 0 })(image, slot, crop(slot));
    } else writeStored(image, slot, crop(slot));
    for (let k = 0; k < each; k++) labels[slot * each + k] = dataset.labels[image * each + k]!;
  }
  return { images, labels, count, epoch, index };
}
