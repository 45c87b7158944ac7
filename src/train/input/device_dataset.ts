/**
 * A data set on the device. A batch is then sent as its plan, a few integers per image; gathering,
 * preprocessing, cropping and mirroring are part of the step's graph.
 *
 * @module
 */
import type { BatchPlan } from "../../data/loader/sampler.ts";
import { labelShape, labelSize } from "../../data/dataset.ts";
import { type Dataset, inputSize, type Prepared } from "../../data/mod.ts";
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
import type { Spec } from "../../spec.ts";
import { owning, placeholder, type Tensor, tensor } from "../../tensor.ts";
import type { Tuple } from "../../tuple.ts";
import type { Examples } from "./batch_tensors.ts";

/** Integers per image of an encoded plan: its index in the data set, rows down, columns right, mirrored. */
const PLAN = 4;

/** A data set's labels, i32[count] or f32[count, classes], and its images. */
export type DeviceDataset = { readonly labels: Tensor } & DeviceImages;

/** The images of a data set: bytes, or whitened. */
type DeviceImages = DeviceBytes | {
  /** f32[count × height × width × channels]. */
  readonly whitened: Tensor;
};

/** Images as bytes, with what preprocesses them. */
type DeviceBytes = {
  /** The images' bytes, four per word, each image aligned to a word; u32[words]. */
  readonly words: Tensor;
  /**
   * For each image: the integer part and the remainder of what is subtracted from its bytes, and the scale;
   * f32[count, 3].
   */
  readonly tables: Tensor;
  /** The mean image, f32[height × width × channels]. */
  readonly mean: Tensor;
};

const imageBytes = ({ height, width, channels }: Dataset) => height * width * channels;
const imageWords = (dataset: Dataset) => Math.ceil(imageBytes(dataset) / 4);

/** The bytes of a data set's tensors. */
export function deviceDatasetBytes({ dataset, mean, whitened }: Prepared): number {
  const labels = dataset.count * labelSize(dataset);
  return whitened
    ? 4 * (whitened.images.length + labels)
    : 4 * (dataset.count * (imageWords(dataset) + 3) + labels + mean.length);
}

/** The tensor of a data set's labels. */
function deviceLabels({ labels, classes, count }: Dataset): Tensor {
  return labels instanceof Float32Array
    ? tensor(labels, labelShape({ labels, classes }, count))
    : owning(Int32Array.from(labels));
}

/** The tensors of images as bytes. */
function deviceBytes({ dataset, scale, offset, mean }: Prepared): DeviceBytes {
  const { images, count } = dataset, bytes = imageBytes(dataset), words = imageWords(dataset);
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
  };
}

/** The tensors of a data set, from host memory. */
export function deviceDataset(source: Prepared): DeviceDataset {
  const { dataset, whitened } = source, labels = deviceLabels(dataset);
  return whitened
    ? { labels, whitened: tensor(whitened.images) }
    : { labels, ...deviceBytes(source) };
}

/** Placeholders of a data set's tensors. */
export function outlineDataset({ dataset, mean, whitened }: Prepared): DeviceDataset {
  const { labels, count } = dataset, isFloat = labels instanceof Float32Array;
  const flat = (length: number, dtype: Spec["dtype"] = "f32") =>
    placeholder({ shape: [length], dtype });
  const own = placeholder({
    shape: isFloat ? labelShape(dataset, count) : [labels.length],
    dtype: isFloat ? "f32" : "i32",
  });
  return whitened ? { labels: own, whitened: flat(whitened.images.length) } : {
    labels: own,
    words: flat(imageWords(dataset) * count, "u32"),
    tables: placeholder({ shape: [count, 3], dtype: "f32" }),
    mean: flat(mean.length),
  };
}

/** A placeholder of an encoded plan. */
export const outlinePlan = (batch: number): Tensor =>
  placeholder({ shape: [batch, PLAN], dtype: "i32" });

/** Encodes a batch's plan as the integers that {@linkcode gatherBatch} takes; -1 for a missing image. */
export function encodePlan(
  { indices, size, count, crop }: BatchPlan,
  encoded: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  for (let slot = 0, at = 0; slot < size; slot++, at += PLAN) {
    const { top, left, mirrored } = crop(slot);
    encoded.set([slot < count ? indices[slot]! : -1, top, left, Number(mirrored)], at);
  }
  return encoded;
}

/** Allocates the integers of an encoded plan. */
export const allocatePlan = (batch: number) => new Int32Array(PLAN * batch);

/** An encoded plan as a tensor, i32[batch, 4]. */
export const planTensor = (encoded: Int32Array<ArrayBuffer>): Tensor =>
  owning(encoded, [encoded.length / PLAN, PLAN]);

/** Pixels of images: which images, f32 or i32[batch, 1, 1, 1], and where in them. */
interface Places {
  readonly index: Tensor;
  readonly place: Tensor;
}

/** Gathers preprocessed pixels from bytes; `place` counts bytes of an image. */
function gatherBytes(
  { words, tables, mean }: DeviceBytes,
  { index, place }: Places,
  imageWords: number,
): Tensor {
  const batch = index.shape[0]!, table = gather(tables, reshape(index, [batch]));
  const [center, offset, scale] = [0, 1, 2].map((k) =>
    reshape(slice(table, [0, k], [batch, k + 1]), [batch, 1, 1, 1])
  ) as Tuple<Tensor, 3>;
  const first = mul(cast(maximum(index, 0), "u32"), imageWords);
  const word = gather(words, add(first, shiftRight(place, 2)));
  const byte = remainder(shiftRight(word, mul(remainder(place, 4), 8)), 256);
  const value = mul(sub(sub(cast(byte, "f32"), center), offset), scale);
  return sub(value, gather(mean, place));
}

/**
 * Makes a batch on the device: images f32[batch, height, width, channels] and labels i32[batch] or f32[batch, classes], equal to
 * the host's up to rounding in f32, or in all bits if they are whitened.
 *
 * @param source The data set, for its sizes.
 * @param plan i32[batch, 4], as {@linkcode encodePlan} writes it.
 */
export function gatherBatch(
  data: DeviceDataset,
  source: Pick<Prepared, "dataset" | "window">,
  plan: Tensor,
): Examples {
  const { dataset } = source, { height, width, channels } = inputSize(source);
  const [batch] = plan.shape as Tuple<number, 1>, pixels = [batch, 1, 1, 1];
  const [index, top, left, mirrored] = Array.from(
    { length: PLAN },
    (_, k) => reshape(slice(plan, [0, k], [batch, k + 1]), pixels),
  ) as Tuple<Tensor, 4>;
  const x = reshape(iota(width), [1, 1, width, 1]);
  const row = add(reshape(iota(height), [1, height, 1, 1]), top);
  const column = add(where(greater(mirrored, 0), sub(width - 1, x), x), left);
  const inside = [
    greaterEqual(index, 0),
    greaterEqual(row, 0),
    less(row, dataset.height),
    greaterEqual(column, 0),
    less(column, dataset.width),
  ].reduce(mul);
  const pixel = mul(add(mul(row, dataset.width), column), channels);
  const place = cast(where(inside, add(pixel, iota(channels)), 0), "u32");
  const value = "whitened" in data
    ? gather(data.whitened, add(mul(cast(maximum(index, 0), "u32"), imageBytes(dataset)), place))
    : gatherBytes(data, { index, place }, imageWords(dataset));
  return { images: where(inside, value, 0), labels: gather(data.labels, reshape(index, [batch])) };
}
