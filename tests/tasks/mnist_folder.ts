/**
 * A small MNIST on disk, for tests of tasks.
 *
 * @module
 */
import { folderOf, idx } from "../data/fixtures.ts";
import { hash } from "../devices.ts";

/** MNIST's files in a subfolder `mnist`; images are noise of a brightness that depends on the class. */
export function mnistFolder() {
  const images = (count: number, seed: number) =>
    idx(
      0x803,
      [count, 28, 28],
      Array.from({ length: count * 784 }, (_, at) =>
        (hash(at, seed) % 100) + 15 * (Math.floor(at / 784) % 10)),
    );
  const labels = (count: number) =>
    idx(0x801, [count], Array.from({ length: count }, (_, i) => i % 10));
  return folderOf({
    "mnist/train-images-idx3-ubyte": images(12, 0),
    "mnist/train-labels-idx1-ubyte": labels(12),
    "mnist/t10k-images-idx3-ubyte": images(6, 1),
    "mnist/t10k-labels-idx1-ubyte": labels(6),
  });
}
