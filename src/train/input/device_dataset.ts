/**
 * A data set on the device. A batch is then sent as its plan, a few integers per image; gathering,
 * preprocessing, cropping and mirroring are part of the step's graph.
 *
 * @module
 */
import { WHOLE_IMAGE } from "../../data/loader/augment.ts";
import type { BatchPlan } from "../../data/loader/sampler.ts";
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
import type { Examples } from "./batch_tensors.ts";

/** Integers per image of an encoded plan: its index in the data set, rows down, columns right, mirrored. */
const PLAN = 4;

/** A data set's tensors. */
export type DeviceDataset = {
  /** The images' bytes, four per word, each image aligned to a word; u32[words]. */
  readonly words: Tensor;
  /**
   * For each image: the integer part and the remainder of what is subtracted from its bytes, and the scale;
   * f32[count, 3].
   */
  readonly tables: Tensor;
  /** The mean image, f32[height × width × channels]. */
  readonly mean: Tensor;
  /** i32[count]. */
  readonly labels: Tensor;
};

const imageBytes = ({ height, width, channels }: Dataset) => height * width * channels;
const imageWords = (dataset: Dataset) => Math.ceil(imageBytes(dataset) / 4);

/** The bytes of a data set's tensors. */
export const deviceDatasetBytes = ({ dataset, mean }: Prepared): number =>
  4 * (dataset.count * (imageWords(dataset) + 4) + mean.length);

/** The tensors of a data set, from host memory. */
export function deviceDataset({ dataset, scale, offset, mean }: Prepared): DeviceDataset {
  const { images, count, labels } = dataset,
    bytes = imageBytes(dataset),
    words = imageWords(dataset);
  const packed = new Uint8Array(4 * words * count), tables = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    packed.set(images.subarray(i * bytes, (i + 1) * bytes), 4 * words * i);
    // A pixel is (byte - center - remainder) × scale: the first difference is exact in f32.
    const exact = offset[i]! / scale[i]!, center = Math.round(exact);
    tables.set([center, exact - center, scale[i]!], 3 * i);
  }
  return {
    words: owning(new Uint32Array(packed.buffer)),
    tables: owning(tables, [count, 3]),
    mean: tensor(mean),
    labels: owning(Int32Array.from(labels)),
  };
}

/** Encodes a batch's plan as the integers that {@linkcode gatherBatch} takes; -1 for a missing image. */
export function encodePlan(
  { indices, size, count, crop }: BatchPlan,
  padding: number,
  encoded: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  for (let slot = 0, at = 0; slot < size; slot++, at += PLAN) {
    const { top, left, mirrored } = crop?.(slot) ?? WHOLE_IMAGE;
    encoded[at] = slot < count ? indices[slot]! : -1;
    encoded[at + 1] = crop ? top - padding : 0;
    encoded[at + 2] = crop ? left - padding : 0;
    encoded[at + 3] = Number(mirrored);
  }
  return encoded;
}

/** Allocates the integers of an encoded plan. */
export const allocatePlan = (batch: number) => new Int32Array(PLAN * batch);

/** An encoded plan as a tensor, i32[batch, 4]. */
export const planTensor = (encoded: Int32Array<ArrayBuffer>): Tensor =>
  owning(encoded, [encoded.length / PLAN, PLAN]);

/**
 * Makes a batch on the device: images f32[batch, height, width, channels] and labels i32[batch], equal to
 * the host's up to rounding in f32.
 *
 * @param plan i32[batch, 4], as {@linkcode encodePlan} writes it.
 */
export function gatherBatch(
  { words, tables, mean, labels }: DeviceDataset,
  { height, width, channels }: Pick<Dataset, "height" | "width" | "channels">,
  plan: Tensor,
): Examples {
  const [batch] = plan.shape as Tuple<number, 1>, pixels = [batch, 1, 1, 1];
  const column = (x: Tensor, k: number) => slice(x, [0, k], [batch, k + 1]);
  const [image, down, right, mirrored] = Array.from(
    { length: PLAN },
    (_, k) => reshape(column(plan, k), pixels),
  ) as Tuple<Tensor, 4>;
  const index = reshape(column(plan, 0), [batch]), table = gather(tables, index);
  const [center, offset, scale] = [0, 1, 2].map((k) => reshape(column(table, k), pixels)) as Tuple<
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
  const value = mul(sub(sub(cast(byte, "f32"), center), offset), scale);
  return {
    images: where(inside, sub(value, gather(mean, place)), 0),
    labels: gather(labels, index),
  };
}
