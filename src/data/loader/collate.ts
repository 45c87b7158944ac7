/**
 * One mini-batch assembled straight from bytes.
 *
 * @module
 */
import { UNVARIED, type Variation } from "./augment.ts";
import type { Prepared } from "../preprocess.ts";

/** One mini-batch. */
export interface Batch {
  /** The net's input, [batch, height, width, channels]; zeros behind `count` images. */
  readonly images: Float32Array<ArrayBuffer>;
  /** The class of each image, [batch]; zeros behind `count` images. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** How many images are real; less than the batch's size only in the last test batch. */
  readonly count: number;
  /** The epoch it belongs to; 0 in testing. */
  readonly epoch: number;
  /** Its place in the epoch, from 0. */
  readonly index: number;
}

/** The arrays of a batch. */
export type Room = Pick<Batch, "images" | "labels">;

/** Makes the batch at an index: in the arrays given, whatever they hold, else in new ones. */
export type Maker = (index: number, room?: Room) => Batch;

/** Which images a batch has, and how each is varied. */
export interface Contents {
  /** The batch's size. */
  readonly size: number;
  /** The images' places in the source; at most `size`. */
  readonly indices: Uint32Array;
  /** The epoch it belongs to. */
  readonly epoch: number;
  /** Its place in the epoch. */
  readonly index: number;
  /** The variation of an image by its place in the batch; absent where images are as they are. */
  readonly variation?: ((slot: number) => Variation) | undefined;
}

/** Writes image `index`, varied, as the `slot`-th of `out`, which holds zeros there. */
function place(
  source: Prepared,
  index: number,
  out: Float32Array,
  slot: number,
  padding: number,
  { top, left, mirrored }: Variation,
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
export const elementsOf = ({ dataset: { height, width, channels } }: Prepared, size: number) =>
  size * height * width * channels;

/** Zeros in the shape of a batch: those of `room`, or new ones. */
function clear(elements: number, size: number, room: Room | undefined): Room {
  if (!room) return { images: new Float32Array(elements), labels: new Int32Array(size) };
  return { images: room.images.subarray(0, elements).fill(0), labels: room.labels.fill(0) };
}

/** Makes a batch, in the arrays of `room` if there is one. */
export function assemble(source: Prepared, contents: Contents, room?: Room): Batch {
  const { size, indices, epoch, index, variation } = contents;
  const { images, labels } = clear(elementsOf(source, size), size, room);
  const padding = variation ? source.augmentation!.padding : 0;
  for (let slot = 0; slot < indices.length; slot++) {
    place(source, indices[slot]!, images, slot, padding, variation?.(slot) ?? UNVARIED);
    labels[slot] = source.dataset.labels[indices[slot]!]!;
  }
  return { images, labels, count: indices.length, epoch, index };
}
