import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { testBatches } from "../../src/data/loader/batches.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { meanImage, prepareCifar, prepareMnist } from "../../src/data/preprocess.ts";
import { pictures } from "./fixtures.ts";

/** Global contrast normalization of image i, written out in float64. */
function contrast({ images, height, width, channels }: Dataset, i: number): number[] {
  const size = height * width * channels;
  const pixels = [...images.subarray(i * size, (i + 1) * size)];
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / size;
  const centered = pixels.map((pixel) => pixel - mean);
  const norm = Math.sqrt(centered.reduce((sum, pixel) => sum + pixel * pixel, 0)) / 55;
  return centered.map((pixel) => pixel / (norm < 1e-8 ? 1 : norm));
}

const inputs = (source: Parameters<typeof testBatches>[0]) =>
  [
    ...testBatches(source, { batch: source.dataset.count }),
  ][0]!.images;

const greatest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);

Deno.test("prepareCifar() equals float64 normalization minus the training mean, in both sets", () => {
  const train = pictures({ count: 6 });
  const test = { ...pictures({ count: 2 }), images: pictures({ count: 9 }).images.slice(7 * 3072) };
  const prepared = prepareCifar(train, test);
  const normalized = [0, 1, 2, 3, 4, 5].map((i) => contrast(train, i));
  const mean = normalized[0]!.map((_, p) =>
    normalized.reduce((sum, image) => sum + image[p]!, 0) / 6
  );
  assertLess(greatest(prepared.train.mean, mean), 1e-6);
  assertEquals(prepared.test.mean, prepared.train.mean);
  for (const source of [prepared.train, prepared.test]) {
    const expected = Array.from(
      { length: source.dataset.count },
      (_, i) => contrast(source.dataset, i).map((value, p) => value - mean[p]!),
    ).flat();
    assertLess(greatest(inputs(source), expected), 1e-6);
  }
});

Deno.test("prepareCifar() gives every image a mean of 0 and an l2 norm of 55 before the mean image", () => {
  const { train } = prepareCifar(pictures({ count: 3 }), pictures({ count: 1 }));
  const unshifted = inputs({ ...train, mean: new Float32Array(3072) });
  for (let i = 0; i < 3; i++) {
    const image = [...unshifted.subarray(i * 3072, (i + 1) * 3072)];
    assertAlmostEquals(image.reduce((sum, x) => sum + x, 0) / 3072, 0, 1e-6);
    assertAlmostEquals(Math.sqrt(image.reduce((sum, x) => sum + x * x, 0)), 55, 1e-4);
  }
});

Deno.test("prepareCifar() turns an image of one color into zeros", () => {
  const flat = { ...pictures({ count: 1 }), images: new Uint8Array(3072).fill(77) };
  const { train } = prepareCifar(flat, flat);
  assertEquals([...train.scale, ...train.offset], [1, 77]);
  assertEquals(inputs(train), new Float32Array(3072));
});

Deno.test("prepareCifar() augments training images by padding of 8 and mirroring, but not test images", () => {
  const { train, test } = prepareCifar(pictures({ count: 2 }), pictures({ count: 1 }));
  assertEquals(train.augmentation, { padding: 8, mirror: true });
  assertEquals(test.augmentation, undefined);
});

Deno.test("meanImage() averages over images for each pixel and channel", () => {
  const two = {
    ...pictures({ count: 2, height: 1, width: 2, channels: 1 }),
    images: Uint8Array.of(1, 2, 5, 10),
  };
  const tables = { scale: Float64Array.of(1, 2), offset: Float64Array.of(0, 4) };
  assertEquals(meanImage(two, tables), Float32Array.of(3.5, 9));
});

Deno.test("prepareMnist() multiplies by 0.004 and does nothing else", () => {
  const train = pictures({ count: 2, height: 28, width: 28, channels: 1 });
  const { train: prepared, test } = prepareMnist(train, train);
  assertEquals(inputs(prepared), Float32Array.from(train.images, (byte) => byte * 0.004));
  assertEquals(inputs(test), inputs(prepared));
  assertEquals(prepared.augmentation, undefined);
});

for (const prepare of [prepareCifar, prepareMnist]) {
  Deno.test(`${prepare.name}() throws where training and test images differ in size`, () => {
    assertThrows(
      () => prepare(pictures({ count: 1 }), pictures({ count: 1, height: 28 })),
      RangeError,
      "expected test images of 32 × 32 × 3 in 10 classes, found 28 × 32 × 3 in 10",
    );
  });
}
