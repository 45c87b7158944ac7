/**
 * Standardized images, as in Torch's demo for MNIST: padded with zeros, with mean 0 and variance 1.
 *
 * @module
 */
import type { Dataset, Prepared, PreparedSplits } from "../../src/data/mod.ts";

/** Pixels of padding on each side: MNIST's 28 × 28 become 32 × 32. */
const PADDING = 2;

function padImages(dataset: Dataset): Dataset {
  const { count, height, width, channels, images } = dataset;
  const size = { height: height + 2 * PADDING, width: width + 2 * PADDING };
  const line = width * channels, paddedLine = size.width * channels;
  const all = new Uint8Array(count * size.height * paddedLine);
  for (let row = 0; row < count * height; row++) {
    const image = Math.floor(row / height), y = row % height + PADDING;
    const from = images.subarray(row * line, (row + 1) * line);
    all.set(from, (image * size.height + y) * paddedLine + PADDING * channels);
  }
  return { ...dataset, ...size, images: all };
}

function standardize(plain: Dataset): Prepared {
  const dataset = padImages(plain), { images, count, height, width, channels } = dataset;
  let sum = 0, squares = 0;
  for (const byte of images) {
    sum += byte;
    squares += byte * byte;
  }
  const mean = sum / images.length, variance = squares / images.length - mean ** 2;
  const deviation = Math.sqrt(variance) || 1;
  return {
    dataset,
    scale: new Float64Array(count).fill(1 / deviation),
    offset: new Float64Array(count).fill(mean / deviation),
    mean: new Float32Array(height * width * channels),
  };
}

/** Both splits padded, each standardized to mean 0 and variance 1 by its own statistics. */
export const standardizeSplits = ({ train, test }: PreparedSplits): PreparedSplits => ({
  train: standardize(train.dataset),
  test: standardize(test.dataset),
});
