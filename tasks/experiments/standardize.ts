/**
 * Images as Torch's demo for MNIST has them: in a frame of zeros, of mean 0 and variance 1.
 *
 * @module
 */
import type { Dataset, Prepared, PreparedSplits } from "../../src/data/mod.ts";

/** Pixels of the frame on each side: MNIST's 28 × 28 become 32 × 32. */
const FRAME = 2;

function addFrame(dataset: Dataset): Dataset {
  const { count, height, width, channels, images } = dataset;
  const size = { height: height + 2 * FRAME, width: width + 2 * FRAME };
  const line = width * channels, wide = size.width * channels;
  const all = new Uint8Array(count * size.height * wide);
  for (let row = 0; row < count * height; row++) {
    const image = Math.floor(row / height), y = row % height + FRAME;
    const from = images.subarray(row * line, (row + 1) * line);
    all.set(from, (image * size.height + y) * wide + FRAME * channels);
  }
  return { ...dataset, ...size, images: all };
}

function standardize(plain: Dataset): Prepared {
  const dataset = addFrame(plain), { images, count, height, width, channels } = dataset;
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

/** Both sets in a frame, each brought to mean 0 and variance 1 by its own numbers. */
export const standardizeSplits = ({ train, test }: PreparedSplits): PreparedSplits => ({
  train: standardize(train.dataset),
  test: standardize(test.dataset),
});
