/**
 * A folder of pictures as what `fit` takes.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fit, key, nn, open, optim, placeholder, sequential } from "../../../mod.ts";
import {
  type Batch,
  DataError,
  type Prepared,
  testBatches,
  trainBatches,
} from "../../../src/data/mod.ts";
import { keyData } from "../../../src/threefry.ts";
import { imageFolder, type ImageFolderOptions } from "../../../tasks/images/mod.ts";
import { named, pictureFolder, withCache } from "../datasets/pictures/folders.ts";

/** Calls with a folder of pictures of three classes, with a cache of its own. */
async function withPictures(
  more: Record<string, Uint8Array>,
  work: (place: string) => Promise<void>,
): Promise<void> {
  await using folder = await pictureFolder(named(["a", "b", "c"], 10), more);
  await using cache = await pictureFolder([]);
  using _ = withCache(cache.path);
  await work(folder.path);
}

/** All batches of both splits. */
function batchesOf(
  { train, test }: { readonly train: Prepared; readonly test: Prepared },
): Batch[] {
  const training = { batch: 5, key: keyData(1), epoch: 0, augment: true };
  return [...trainBatches(train, training), ...testBatches(test, { batch: 4 })];
}

Deno.test("imageFolder() gives the same bits in memory, from the cache, and streamed by any number of threads", () =>
  withPictures({}, async (place) => {
    const options = { crop: 14, testShare: 0.3 };
    const first = await imageFolder(place, { ...options, images: "memory" });
    assertEquals([first.train.dataset.count, first.test.dataset.count, first.streamed], [
      21,
      9,
      false,
    ]);
    assertEquals([first.train.dataset.height, first.train.window?.height], [16, 14]);
    assertEquals([first.classNames, first.train.dataset.classNames], [["a", "b", "c"], [
      "a",
      "b",
      "c",
    ]]);
    const expected = batchesOf(first);
    assertEquals(batchesOf(await imageFolder(place, options)), expected);
    for (const workers of [1, 2, 3]) {
      const streamed = await imageFolder(place, { ...options, images: "stream", workers });
      assert(streamed.streamed && streamed.train.dataset.images.length === 0);
      assertEquals(batchesOf(streamed), expected);
    }
    const small = await imageFolder(place, { ...options, memory: 30 * 16 * 16 * 3 - 1 });
    assert(small.streamed);
    assertEquals(batchesOf(small), expected);
  }));

Deno.test("imageFolder() with resizedCrop draws the same parts with any number of threads, and others in each epoch", () =>
  withPictures({}, async (place) => {
    const batches = async (workers: number, epoch: number, from = 0) => {
      const { train } = await imageFolder(place, { crop: 8, resizedCrop: true, workers });
      return [...trainBatches(train, { batch: 6, key: keyData(1), epoch, augment: true, from })];
    };
    const expected = await batches(1, 0);
    assertEquals(await batches(2, 0), expected);
    assertEquals(await batches(3, 0, 2), expected.slice(2));
    assert((await batches(1, 1))[0]!.images.some((value, i) => value !== expected[0]!.images[i]));
  }));

Deno.test("imageFolder() lists unreadable pictures and leaves them out, or refuses them", () => {
  const more = { "a/bad.png": new Uint8Array(3), "c/empty.jpg": new Uint8Array() };
  return withPictures(more, async (place) => {
    for (const images of ["memory", "stream"] as const) {
      for (const _again of [1, 2]) {
        const { unreadable, train, test } = await imageFolder(place, { crop: 8, images });
        assertEquals(train.dataset.count + test.dataset.count, 30);
        const kind = "expected a PNG, JPEG, WebP, GIF, AVIF or TIFF image, found";
        assertEquals(unreadable.toSorted(), [
          `${place}/a/bad.png: ${kind} another kind of file`,
          `${place}/c/empty.jpg: ${kind} an empty file`,
        ]);
      }
      await assertRejects(
        () => imageFolder(place, { crop: 8, images, strict: true }),
        DataError,
        `${place}/`,
      );
    }
  });
});

Deno.test("imageFolder() takes gray, another share, progress, and a validation set beside a test set", () =>
  withPictures({}, async (place) => {
    const told: string[] = [];
    const progress: ImageFolderOptions["progress"] = (split, done, total) =>
      void told.push(`${split} ${done}/${total}`);
    const { train } = await imageFolder(place, {
      crop: 7,
      size: 9,
      channels: 1,
      testShare: 0.5,
      progress,
    });
    assertEquals([train.dataset.count, train.dataset.channels, train.dataset.height], [15, 1, 9]);
    assert(
      told.includes("pictures train 15/15") && told.includes("pictures test 15/15"),
      told.join(),
    );
    await using folder = await pictureFolder(
      ["train", "val", "test"].flatMap((split) => named([`${split}/x`, `${split}/y`], 2)),
    );
    const { validation, test } = await imageFolder(folder.path, { crop: 8 });
    assertEquals([validation?.dataset.name, test.dataset.name], [
      "pictures validation",
      "pictures test",
    ]);
    assertEquals([...testBatches(validation!, { batch: 2 })].length, 2);
  }));

Deno.test("fit() trains on a folder, in memory and streamed, with the same bits", () =>
  withPictures({}, async (place) => {
    await using run = await open({ device: "cpu", threads: 1 });
    const net = sequential(nn.conv(4, 3), nn.relu, nn.globalAvgPool, nn.dense(3));
    const params = net.init(key(0), placeholder({ shape: [1, 8, 8, 3], dtype: "f32" }));
    const losses = async (images: "memory" | "stream") => {
      const { train, test } = await imageFolder(place, { crop: 8, images });
      const optimizer = optim.adam({ learningRate: 0.01 }), found: unknown[] = [];
      for await (
        const event of fit(run, {
          net,
          params,
          optimizer,
          train,
          test,
          batch: 8,
          epochs: 3,
          augment: true,
        })
      ) {
        if (event.kind === "epoch") found.push(event.trainLoss, event.test?.loss);
      }
      return found;
    };
    assertEquals(await losses("stream"), await losses("memory"));
  }));

Deno.test("imageFolder() says which options it expected", async () => {
  const cases: [ImageFolderOptions, string][] = [
    [
      { crop: 20, size: 10 },
      "imageFolder: expected integers with 1 <= crop <= size, found crop 20 and size 10",
    ],
    [{ crop: 2.5 }, "imageFolder: expected integers with 1 <= crop <= size, found crop 2.5"],
    [{ testShare: 1 }, "imageFolder: expected testShare above 0 and below 1, found 1"],
    [
      { resizedCrop: true, images: "memory" },
      'imageFolder: expected images: "stream" beside resizedCrop, found "memory"',
    ],
  ];
  for (const [options, message] of cases) {
    await assertRejects(() => imageFolder("nowhere", options), RangeError, message);
  }
});
