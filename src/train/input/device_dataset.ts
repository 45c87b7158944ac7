/**
 * A data set on the device: bytes, tables, labels. A batch is then a few whole numbers an image, and
 * gathering, standardizing, shifting and mirroring are part of a step's graph.
 *
 * @module
 */
import type { Contents } from "../../data/loader/collate.ts";
import { UNVARIED } from "../../data/loader/augment.ts";
import type { Dataset, Prepared } from "../../data/mod.ts";
import {
  add,
  cast,
  gather,
  greater,
  greaterEqual,
  iota,
  less,
  maximum,
  mul,
  remainder,
  reshape,
  shiftRight,
  slice,
  sub,
  where,
} from "../../ops/mod.ts";
import { owning, type Tensor, tensor } from "../../tensor.ts";
import type { Tuple } from "../../tuple.ts";

/** Numbers that say an image of a batch: its place in the data set, rows down, columns right, mirrored. */
const PICK = 4;

/** A data set's tensors. */
export type ResidentData = {
  /** Four bytes each, images one behind the other, each from a whole word on; u32[words]. */
  readonly words: Tensor;
  /** For each image: what is subtracted from its bytes, rounded and the rest, and a factor; f32[count, 3]. */
  readonly tables: Tensor;
  /** What is then subtracted, f32[height × width × channels]. */
  readonly mean: Tensor;
  /** i32[count]. */
  readonly labels: Tensor;
};

const bytesOf = ({ height, width, channels }: Dataset) => height * width * channels;
const wordsOf = (dataset: Dataset) => Math.ceil(bytesOf(dataset) / 4);

/** Bytes of a data set's tensors. */
export const residentBytes = ({ dataset, mean }: Prepared): number =>
  4 * (dataset.count * (wordsOf(dataset) + 4) + mean.length);

/** A data set's tensors on the host. */
export function residentData({ dataset, scale, offset, mean }: Prepared): ResidentData {
  const { images, count, labels } = dataset, bytes = bytesOf(dataset), words = wordsOf(dataset);
  const packed = new Uint8Array(4 * words * count), tables = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    packed.set(images.subarray(i * bytes, (i + 1) * bytes), 4 * words * i);
    // A pixel is (byte - centre - rest) × scale: the first difference is exact in f32.
    const centre = offset[i]! / scale[i]!, whole = Math.round(centre);
    tables.set([whole, centre - whole, scale[i]!], 3 * i);
  }
  return {
    words: owning(new Uint32Array(packed.buffer)),
    tables: owning(tables, [count, 3]),
    mean: tensor(mean),
    labels: owning(Int32Array.from(labels)),
  };
}

/** What a batch holds, written into numbers of {@linkcode batchOf}; -1 for an image that is missing. */
export function writePicks(
  { indices, size, variation }: Contents,
  padding: number,
  picks: Int32Array<ArrayBuffer>,
): void {
  for (let slot = 0, at = 0; slot < size; slot++, at += PICK) {
    const { top, left, mirrored } = variation?.(slot) ?? UNVARIED;
    picks[at] = slot < indices.length ? indices[slot]! : -1;
    picks[at + 1] = variation ? top - padding : 0;
    picks[at + 2] = variation ? left - padding : 0;
    picks[at + 3] = Number(mirrored);
  }
}

/** Numbers of a batch. */
export const pickRoom = (batch: number) => new Int32Array(PICK * batch);

/** A batch's numbers as a tensor, i32[batch, 4]. */
export const picksTensor = (picks: Int32Array<ArrayBuffer>): Tensor =>
  owning(picks, [picks.length / PICK, PICK]);

/**
 * A batch of a data set: images f32[batch, height, width, channels] and labels i32[batch], equal to
 * those that the host makes up to the rounding of f32.
 *
 * @param picks i32[batch, 4], as {@linkcode writePicks} writes them.
 */
export function batchOf(
  { words, tables, mean, labels }: ResidentData,
  { height, width, channels }: Pick<Dataset, "height" | "width" | "channels">,
  picks: Tensor,
): { readonly images: Tensor; readonly labels: Tensor } {
  const [batch] = picks.shape as Tuple<number, 1>, pixels = [batch, 1, 1, 1];
  const column = (x: Tensor, k: number) => slice(x, [0, k], [batch, k + 1]);
  const [image, down, right, mirrored] = Array.from(
    { length: PICK },
    (_, k) => reshape(column(picks, k), pixels),
  ) as Tuple<Tensor, 4>;
  const index = reshape(column(picks, 0), [batch]), table = gather(tables, index);
  const [centre, rest, scale] = [0, 1, 2].map((k) => reshape(column(table, k), pixels)) as Tuple<
    Tensor,
    3
  >;
  const x = reshape(iota(width), [1, 1, width, 1]);
  const row = add(reshape(iota(height), [1, height, 1, 1]), down);
  const line = add(where(greater(mirrored, 0), sub(width - 1, x), x), right);
  const inside = [
    greaterEqual(image, 0),
    greaterEqual(row, 0),
    less(row, height),
    greaterEqual(line, 0),
    less(line, width),
  ].reduce(mul);
  const pixel = mul(add(mul(row, width), line), channels);
  const place = cast(where(inside, add(pixel, iota(channels)), 0), "u32");
  const first = mul(cast(maximum(image, 0), "u32"), Math.ceil(height * width * channels / 4));
  const word = gather(words, add(first, shiftRight(place, 2)));
  const byte = remainder(shiftRight(word, mul(remainder(place, 4), 8)), 256);
  const value = mul(sub(sub(cast(byte, "f32"), centre), rest), scale);
  return {
    images: where(inside, sub(value, gather(mean, place)), 0),
    labels: gather(labels, index),
  };
}
