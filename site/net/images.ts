/**
 * The images: built-in shapes, or a visitor's MNIST files.
 *
 * @module
 */
import { data, type Tensor, tensor } from "../../mod.ts";

/** Images with labels, as workers exchange them. */
export interface Images {
  readonly name: string;
  /** Numbers of mean 0 and variance 1, [count, height, width, channels]. */
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
  readonly count: number;
  /** Rows, columns and channels of an image. */
  readonly size: readonly [height: number, width: number, channels: number];
}

/** The images to train on and to test on. */
export interface Splits {
  readonly train: Images;
  readonly test: Images;
}

/** The most images that are used, so that a small net on a phone has them in memory. */
const MOST = { train: 6000, test: 1000 } as const;

/** Mean and standard deviation of bytes. */
function moments(bytes: Uint8Array): readonly [mean: number, deviation: number] {
  let sum = 0, squares = 0;
  for (const byte of bytes) {
    sum += byte;
    squares += byte * byte;
  }
  const mean = sum / bytes.length;
  return [mean, Math.sqrt(Math.max(squares / bytes.length - mean * mean, 1e-12))];
}

/** Scales both splits by the mean and the deviation of the training images. */
function standardize(train: data.Dataset, test: data.Dataset): Splits {
  const [mean, deviation] = moments(train.images);
  const scaled = ({ name, images, labels, count, height, width, channels }: data.Dataset) => ({
    name: name.replace(/ (train|test)$/, ""),
    pixels: Float32Array.from(images, (byte) => (byte - mean) / deviation),
    labels: Int32Array.from(labels),
    count,
    size: [height, width, channels] as const,
  });
  return { train: scaled(train), test: scaled(test) };
}

/** Images of ten shapes, drawn here: 16 × 16, gray. */
export function drawShapes(train = 2000, test = 500): Splits {
  const shape = { size: 16, channels: 1, plain: true } as const;
  return standardize(
    data.procedural({ split: "train", count: train, ...shape }),
    data.procedural({ split: "test", count: test, ...shape }),
  );
}

/** The first images of a set, copied. */
const firstOf = (set: data.Dataset, most: number): data.Dataset =>
  data.subset(set, Math.min(set.count, most));

/** Reads a visitor's files in MNIST's format. Rejects with a DataError that names what is missing. */
export async function readFiles(files: readonly File[]): Promise<Splits> {
  const train = await data.loadMnist(files, { split: "train" });
  const test = await data.loadMnist(files, { split: "test" });
  if (train.classes !== 10) {
    throw new data.DataError(`${train.name}: expected 10 classes, found ${train.classes}`);
  }
  return standardize(firstOf(train, MOST.train), firstOf(test, MOST.test));
}

/** Some images and their labels as tensors. */
export function batchOf(
  { pixels, labels, size }: Images,
  indices: ArrayLike<number>,
): readonly [x: Tensor, y: Tensor] {
  const each = size[0] * size[1] * size[2], x = new Float32Array(indices.length * each);
  const y = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    x.set(pixels.subarray(index * each, (index + 1) * each), i * each);
    y[i] = labels[index]!;
  }
  return [tensor(x, [indices.length, ...size]), tensor(y, [indices.length])];
}

/** The first `count` indices. */
export const firstIndices = (count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => i);
