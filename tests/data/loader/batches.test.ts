import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import type { Batch } from "../../../src/data/loader/collate.ts";
import { cropRange, drawCrop } from "../../../src/data/loader/augment.ts";
import { testBatches, trainBatches } from "../../../src/data/loader/batches.ts";
import { batchesPerEpoch } from "../../../src/data/loader/sampler.ts";
import { prepareCifar, prepareMnist } from "../../../src/data/preprocess.ts";
import { inputSize, type Prepared } from "../../../src/data/prepared.ts";
import { foldKeyData, type KeyData, permutation, splitKeyData } from "../../../src/threefry.ts";
import { pictures } from "../fixtures.ts";

const key: KeyData = [3, 14];

/** Sets of `count` small pictures, each labeled by its own number. */
const small = (count: number) =>
  prepareCifar(
    pictures({ count, height: 5, width: 4, classes: count }),
    pictures({ count: 1, height: 5, width: 4, classes: count }),
  ).train;

/** Windows of small pictures, and of padded ones. */
const windowed = (padding: number): Prepared => ({
  ...small(40),
  window: { height: 3, width: 2 },
  augmentation: { padding, mirror: true },
});

/** Small pictures that stand for whitened ones. */
const whitened = (): Prepared => {
  const source = small(20), images = Float32Array.from({ length: 20 * 60 }, (_, i) => i / 7);
  return {
    ...source,
    whitened: { by: { mean: source.mean, matrix: new Float32Array(3600) }, images },
  };
};

/** The input of an image at a row and a column; 0 outside. */
function pixelOf({ dataset, scale, offset, mean, whitened }: Prepared, image: number) {
  const { images, height, width, channels } = dataset;
  return (row: number, column: number, channel: number): number => {
    if (row < 0 || row >= height || column < 0 || column >= width) return 0;
    const at = (row * width + column) * channels + channel;
    if (whitened) return whitened.images[image * height * width * channels + at]!;
    const byte = images[image * height * width * channels + at]!;
    return Math.fround(byte * scale[image]! - offset[image]! - mean[at]!);
  };
}

/** The batch that the documentation describes, made pixel by pixel. */
function naive(source: Prepared, batch: number, epoch: number, index: number): Float32Array {
  const { dataset: { count }, augmentation } = source,
    { height, width, channels } = inputSize(source);
  const range = cropRange({ ...source, augmentation: augmentation! });
  const order = permutation(count, foldKeyData(splitKeyData(key, 0), epoch));
  const out: number[] = [];
  for (let slot = 0; slot < batch; slot++) {
    const position = index * batch + slot;
    const crop = drawCrop(range, splitKeyData(key, 1), epoch, position);
    const pixel = pixelOf(source, order[position]!);
    for (let row = 0; row < height; row++) {
      for (let x = 0; x < width; x++) {
        const column = crop.mirrored ? width - 1 - x : x;
        for (let channel = 0; channel < channels; channel++) {
          out.push(
            pixel(row + crop.top, column + crop.left, channel),
          );
        }
      }
    }
  }
  return Float32Array.from(out);
}

const labelsOf = (batches: Iterable<Batch>) => [...batches].flatMap(({ labels }) => [...labels]);

Deno.test("trainBatches() equals a pad, crop and mirror made pixel by pixel", () => {
  const wide = prepareCifar(pictures({ count: 40 }), pictures({ count: 1 })).train;
  const sources = [[wide, 16], [small(60), 20], [windowed(0), 8], [windowed(1), 8], [
    whitened(),
    5,
  ]];
  for (const [source, batch] of sources as [Prepared, number][]) {
    for (const epoch of [0, 5]) {
      for (const made of trainBatches(source, { batch, key, epoch, augment: true })) {
        assertEquals(made.images, naive(source, batch, epoch, made.index));
      }
    }
  }
});

Deno.test("trainBatches() returns unaugmented images unless told to augment", () => {
  const source = small(4);
  const { images, labels } = trainBatches(source, { batch: 4, key, epoch: 1 }).next().value!;
  labels.forEach((image, slot) => {
    const pixel = pixelOf(source, image);
    assertEquals(images[slot * 60 + (3 * 4 + 2) * 3 + 1], pixel(3, 2, 1));
  });
});

Deno.test("testBatches() returns the central window", () => {
  const source = windowed(1), [batch] = testBatches(source, { batch: 40 });
  const { images } = batch!;
  for (const image of [0, 39]) {
    const pixel = pixelOf(source, image);
    assertEquals(images[image * 18], pixel(1, 1, 0));
    assertEquals(images[image * 18 + 17], pixel(3, 2, 2));
  }
});

Deno.test("trainBatches() visits every image once per epoch, in a new order each time", () => {
  const source = small(12);
  const orders = [0, 1, 2].map((epoch) => labelsOf(trainBatches(source, { batch: 4, key, epoch })));
  for (const order of orders) {
    assertEquals(order.toSorted((a, b) => a - b), Array.from({ length: 12 }, (_, i) => i));
  }
  assertNotEquals(orders[0], orders[1]);
  assertNotEquals(orders[1], orders[2]);
});

Deno.test("trainBatches() drops examples that do not fill a batch", () => {
  const source = small(11);
  const batches = [...trainBatches(source, { batch: 4, key, epoch: 0 })];
  assertEquals(batches.map(({ index, count, epoch }) => [index, count, epoch]), [
    [0, 4, 0],
    [1, 4, 0],
  ]);
  assertEquals(batchesPerEpoch(source, 4), 2);
  assertEquals(new Set(labelsOf(batches)).size, 8);
});

Deno.test("trainBatches() determines a batch by key, epoch and index only", () => {
  const source = small(20);
  const options = { batch: 4, key, epoch: 3, augment: true };
  const all = [...trainBatches(source, options)];
  assertEquals([...trainBatches(small(20), { ...options, from: 3 })], all.slice(3));
  assertEquals([...trainBatches(source, { ...options, from: 5 })], []);
  const [otherKey] = trainBatches(source, { ...options, key: [3, 15] });
  const [otherEpoch] = trainBatches(source, { ...options, epoch: 4 });
  assertNotEquals(otherKey!.images, all[0]!.images);
  assertNotEquals(otherEpoch!.images, all[0]!.images);
});

Deno.test("trainBatches() allocates new arrays for every batch", () => {
  const [first, second] = trainBatches(small(8), { batch: 4, key, epoch: 0 });
  assert(first!.images.buffer !== second!.images.buffer && first!.labels !== second!.labels);
});

Deno.test("drawCrop() draws every window and both mirrors about equally often", () => {
  const rows = new Array(17).fill(0), columns = new Array(17).fill(0);
  const range = { first: { top: -8, left: -8 }, rows: 17, columns: 17, mirror: true };
  let mirrored = 0;
  for (let position = 0; position < 17_000; position++) {
    const crop = drawCrop(range, key, 0, position);
    rows[crop.top + 8]++;
    columns[crop.left + 8]++;
    mirrored += Number(crop.mirrored);
  }
  assert(
    [...rows, ...columns].every((times) => Math.abs(times - 1000) < 160),
    `${rows} ${columns}`,
  );
  assert(Math.abs(mirrored - 8500) < 330, `${mirrored}`);
});

Deno.test("drawCrop() does not change an image without padding and mirroring", () => {
  const only = { first: { top: 0, left: 0 }, rows: 1, columns: 1, mirror: false };
  for (let position = 0; position < 9; position++) {
    assertEquals(drawCrop(only, key, 1, position), {
      top: 0,
      left: 0,
      mirrored: false,
    });
  }
});

Deno.test("testBatches() preserves the order and pads the last batch with zeros", () => {
  const source = small(7);
  const batches = [...testBatches(source, { batch: 3 })];
  assertEquals(batches.map(({ count, index }) => [count, index]), [[3, 0], [3, 1], [1, 2]]);
  assertEquals(labelsOf(batches), [0, 1, 2, 3, 4, 5, 6, 0, 0]);
  const { images } = batches[2]!;
  assertEquals(images.length, 3 * 60);
  assertEquals(images[59], pixelOf(source, 6)(4, 3, 2));
  assert(images.subarray(60).every((value) => value === 0));
});

Deno.test("testBatches() accepts a batch larger than the data", () => {
  const [only, ...more] = testBatches(small(2), { batch: 5 });
  assertEquals([only!.count, only!.images.length, more.length], [2, 300, 0]);
});

const options = { batch: 4, key, epoch: 0 };
const refused: [string, () => unknown, string][] = [
  ["a batch of 0", () => trainBatches(small(8), { ...options, batch: 0 }), "from 1 to 8, found 0"],
  ["a batch over the count", () => trainBatches(small(8), { ...options, batch: 9 }), "found 9"],
  ["half an epoch", () => trainBatches(small(8), { ...options, epoch: 0.5 }), "epoch to be"],
  ["a start past the end", () => trainBatches(small(8), { ...options, from: 3 }), "from 0 to 2"],
  ["a test batch of 0", () => testBatches(small(8), { batch: 0 }), "testBatches: expected batch"],
  ["a count over the data", () => batchesPerEpoch(small(8), 9), "batchesPerEpoch: expected batch"],
  [
    "augmentation of data that has none",
    () => {
      const mnist = prepareMnist(pictures({ count: 8 }), pictures({ count: 1 })).train;
      return trainBatches(mnist, { ...options, augment: true });
    },
    "expected a source with an augmentation, found pictures",
  ],
];

for (const [what, call, message] of refused) {
  Deno.test(`batches throw at the call on ${what}`, () => {
    assertThrows(call, RangeError, message);
  });
}
