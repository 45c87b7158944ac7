/**
 * Batches of images that come from a stream.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { key, nn, open, optim, placeholder, sequential } from "../../../mod.ts";
import {
  type Dataset,
  fingerprint,
  type ImageRequest,
  prepareCifar,
  type Prepared,
  preparePictures,
  procedural,
  resize,
  testBatches,
  trainBatches,
} from "../../../src/data/mod.ts";
import { collate } from "../../../src/data/loader/collate.ts";
import { randomSampler } from "../../../src/data/loader/sampler.ts";
import { fit } from "../../../src/train/mod.ts";
import { keyData } from "../../../src/threefry.ts";

const KEY = keyData(3);

/** A data set whose images come from a stream of those of another, and what it was asked for. */
function streamed(dataset: Dataset, unreadable: readonly number[] = []) {
  const asked: ImageRequest[] = [], open: number[] = [];
  const size = dataset.images.length / dataset.count;
  const stream: Dataset["stream"] = {
    id: dataset.name,
    open(window) {
      const queue: ImageRequest[] = [];
      open.push(1);
      return {
        request: (images) => {
          for (const image of images) {
            asked.push(image);
            queue.push(image);
          }
        },
        next() {
          const { index, key } = queue.shift()!;
          if (unreadable.includes(index)) return undefined;
          if (!key) return dataset.images.slice(index * size, (index + 1) * size);
          return new Uint8Array(window.height * window.width * dataset.channels).fill(key[0] & 255);
        },
        [Symbol.dispose]: () => void open.pop(),
      };
    },
  };
  return { asked, open, dataset: { ...dataset, images: new Uint8Array(), stream } };
}

const images = (count: number) => procedural({ split: "train", count, size: 16, seed: 2 });
const options = { window: 13, mean: "color", sample: 7 } as const;

Deno.test("batches of a stream have the bits of those in memory, in training and testing", () => {
  const stored = images(23), { dataset, open } = streamed(stored);
  const memory = preparePictures(stored, stored, options);
  const stream = preparePictures(dataset, dataset, options);
  assertEquals(stream.train.mean, memory.train.mean);
  const training = { batch: 5, key: KEY, epoch: 2, augment: true, from: 1 };
  assertEquals(
    Array.from(trainBatches(stream.train, training)),
    Array.from(trainBatches(memory.train, training)),
  );
  assertEquals(
    Array.from(testBatches(stream.test, { batch: 7 })),
    Array.from(testBatches(memory.test, { batch: 7 })),
  );
  assertEquals(open, []);
});

Deno.test("batches of a stream are requested ahead, each image once", () => {
  const { dataset, asked } = streamed(images(20));
  const { test } = preparePictures(dataset, dataset, { sample: 1 });
  asked.length = 0;
  const batches = testBatches(test, { batch: 4 });
  batches.next();
  assertEquals(asked.map(({ index }) => index), [...Array(12).keys()]);
  assertEquals([...batches].length, 4);
  assertEquals(asked.map(({ index }) => index), [...Array(20).keys()]);
});

Deno.test("an image of a stream that cannot be read is the mean, zero as input", () => {
  const { dataset } = streamed(images(6), [1]);
  const { test } = preparePictures(dataset, dataset, { sample: 6 });
  const [batch] = Array.from(testBatches(test, { batch: 3 }));
  const size = 16 * 16 * 3,
    zeros = (at: number) =>
      batch!.images.subarray(at * size, (at + 1) * size).every((value) => value === 0);
  assertEquals([0, 1, 2].map(zeros), [false, true, false]);
});

Deno.test("resizedCrop asks a stream for a part of each image, by a key of its own", () => {
  const stored = images(12), { dataset, asked } = streamed(stored);
  const { train, test } = preparePictures(dataset, dataset, { ...options, resizedCrop: true });
  asked.length = 0;
  const batches = (epoch: number) =>
    Array.from(trainBatches(train, { batch: 4, key: KEY, epoch, augment: true }));
  const first = batches(0), keys = asked.map(({ key }) => key!.join());
  assertEquals(new Set(keys).size, 12);
  assertEquals(batches(0), first);
  assertEquals(asked.slice(12).map(({ key }) => key!.join()), keys);
  asked.length = 0;
  batches(1);
  assert(asked.every(({ key }) => !keys.includes(key!.join())));
  asked.length = 0;
  Array.from(testBatches(test, { batch: 4 }));
  Array.from(trainBatches(train, { batch: 4, key: KEY, epoch: 0 }));
  assert(asked.every(({ key }) => key === undefined));
});

Deno.test("a resized part is mirrored half of the time, and takes all of the window", () => {
  const { dataset } = streamed(images(40));
  const { train } = preparePictures(dataset, dataset, { ...options, resizedCrop: true });
  const plan = randomSampler(train, { batch: 40, key: KEY, epoch: 0, augment: true })(0);
  const crops = Array.from({ length: 40 }, (_, slot) => plan.crop(slot));
  assert(crops.every(({ top, left }) => top === 0 && left === 0));
  const mirrored = crops.filter(({ mirrored }) => mirrored).length;
  assert(mirrored > 10 && mirrored < 30, `${mirrored} of 40`);
  const ramp = Uint8Array.from({ length: 13 * 13 * 3 }, (_, i) => Math.floor(i / 3) % 13);
  const reader = { request() {}, next: () => ramp, [Symbol.dispose]() {} };
  const flat: Prepared = { ...train, mean: train.mean.map(() => 0) };
  const { images: rows } = collate(flat, plan, undefined, reader);
  crops.forEach(({ mirrored }, slot) => {
    const row = rows.subarray(slot * 13 * 13 * 3, slot * 13 * 13 * 3 + 39);
    assertEquals(row[0], mirrored ? 12 : 0);
    assertEquals(row[38], mirrored ? 0 : 12);
  });
});

Deno.test("fit() trains on a stream with the bits of images in memory", async () => {
  const stored = images(20), { dataset, open: readers } = streamed(stored);
  await using run = await open({ device: "reference" });
  const net = sequential(nn.flatten, nn.dense(10));
  const params = net.init(key(0), placeholder({ shape: [1, 13, 13, 3], dtype: "f32" }));
  const optimizer = optim.sgd({ learningRate: 0.01 });
  const losses = async (data: Dataset) => {
    const { train, test } = preparePictures(data, data, { ...options, scale: 1 / 64 });
    const found: unknown[] = [];
    const all = { net, params, optimizer, train, test, batch: 5, epochs: 2, augment: true };
    for await (const event of fit(run, all)) {
      if (event.kind === "epoch") found.push(event.trainLoss, event.test);
    }
    return found;
  };
  assertEquals(await losses(dataset), await losses(stored));
  assertEquals(readers, []);
});

Deno.test("what needs images in memory says that they come from a stream", async () => {
  const { dataset } = streamed(images(6));
  const says = "expected images in memory, as bytes, found procedural shapes train";
  assertThrows(() => resize(dataset, { height: 8, width: 8 }), RangeError, `resize: ${says}`);
  assertThrows(() => prepareCifar(dataset, dataset), RangeError, `prepareCifar: ${says}`);
  assertThrows(
    () => preparePictures(dataset, dataset, { resizedCrop: true, window: 8 }),
    RangeError,
    'expected mean: "color" and a window beside resizedCrop, found mean: "image" and window: 8',
  );
  const stored = images(6);
  const { train } = preparePictures(stored, stored, { ...options, resizedCrop: true });
  assertThrows(
    () => trainBatches(train, { batch: 2, key: KEY, epoch: 0, augment: true }).next(),
    RangeError,
    "expected images from a stream, whose parts can be resized, found procedural shapes train in memory",
  );
  assertEquals(await fingerprint(dataset), await fingerprint(streamed(images(6)).dataset));
});
