import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { trainBatches } from "../../../src/data/loader/batches.ts";
import { classCounts } from "../../../src/data/dataset.ts";
import { fingerprint } from "../../../src/data/fingerprint.ts";
import { prepareCifar } from "../../../src/data/preprocess.ts";
import {
  procedural,
  PROCEDURAL_CLASSES,
  type ProceduralOptions,
} from "../../../src/data/procedural/procedural.ts";
import { type Shape, SHAPES } from "../../../src/data/procedural/shapes.ts";
import { lsuv } from "../../../src/init/mod.ts";
import {
  conv,
  dense,
  flatten,
  globalMaxPool,
  type Layer,
  maxPool,
  sequential,
} from "../../../src/nn/mod.ts";
import { adam } from "../../../src/optim/mod.ts";
import { type Key, key } from "../../../src/random.ts";
import { open } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { fit } from "../../../src/train/mod.ts";

/** Integrates a shape over the square of ±1.7: its area, and its largest distance from the origin. */
function measure(shape: Shape, vary: number) {
  const steps = 170, step = 3.4 / steps;
  let area = 0, reach = 0;
  for (let i = 0; i < steps * steps; i++) {
    const x = (i % steps + 0.5) * step - 1.7, y = (Math.floor(i / steps) + 0.5) * step - 1.7;
    if (shape(x, y, vary) >= 0) continue;
    area += step * step;
    reach = Math.max(reach, Math.hypot(x, y));
  }
  return { area, reach };
}

Deno.test("procedural shapes have about the same area, and none is lost in the bounds of drawing", () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    for (const vary of [0, 0.5, 1]) {
      const { area, reach } = measure(shape, vary);
      assert(area > 1.4 && area < 1.95, `${name} of ${vary} has the area ${area}`);
      // Stretched by 1.18 and sheared by 0.2 it must stay within 1.7.
      assert(reach * 1.18 * 1.1 < 1.7, `${name} of ${vary} reaches ${reach}`);
    }
  }
});

Deno.test("procedural() generates equally many images of each class, of the given sizes", () => {
  const { images, ...rest } = procedural({ split: "test", count: 20, size: 28, channels: 1 });
  assertEquals(images.length, 20 * 28 * 28);
  assertEquals(classCounts({ images, ...rest }), new Array(10).fill(2));
  assertEquals(rest, {
    name: "procedural grey shapes test",
    labels: Uint8Array.from({ length: 20 }, (_, i) => i % 10),
    count: 20,
    height: 28,
    width: 28,
    channels: 1,
    classes: 10,
    classNames: PROCEDURAL_CLASSES,
  });
  const color = procedural({ split: "train", count: 1 });
  assertEquals([color.height, color.width, color.channels], [32, 32, 3]);
  assertEquals(color.name, "procedural shapes train");
  assertEquals(PROCEDURAL_CLASSES.length, 10);
});

Deno.test("procedural() generates the same bytes on every machine", async () => {
  const of = (options: Partial<ProceduralOptions>) =>
    fingerprint(procedural({ split: "train", count: 200, ...options }));
  assertEquals(await of({}), "980625f25191beb43064c37a407fa854d94883000710fc33309e5a4f0a341c50");
  assertEquals(
    await of({ size: 28, channels: 1, seed: 7 }),
    "0da84e94792a549cb270203c78e7c83e369a93cf9190ce2f911fe207999aba02",
  );
});

Deno.test("procedural() generates a smaller set as a prefix of a larger one; seeds and splits differ", () => {
  const of = (options: Partial<ProceduralOptions>) =>
    procedural({ split: "train", count: 10, ...options }).images;
  assertEquals(of({ count: 15 }).slice(0, 10 * 3072), of({}));
  assertNotEquals(of({ seed: 1 }), of({}));
  assertNotEquals(of({ split: "test" }), of({}));
});

Deno.test("procedural() classes cannot be told apart by color", () => {
  const { images, labels } = procedural({ split: "train", count: 1000, size: 16 });
  const sums = new Float64Array(30);
  images.forEach((byte, at) => sums[3 * labels[Math.floor(at / 768)]! + at % 3]! += byte);
  const means = [...sums].map((sum) => sum / (100 * 256));
  assert(means.every((mean) => Math.abs(mean - 127.5) < 25), means.map(Math.round).join());
});

Deno.test("procedural() throws on sizes that make no image", () => {
  const of = (options: object) => () => procedural({ split: "train", count: 1, ...options });
  assertThrows(of({ count: 0 }), RangeError, "count to be an integer from 1 to 1398101, found 0");
  assertThrows(of({ size: 15 }), RangeError, "size to be an integer from 16 to 4096, found 15");
  assertThrows(of({ count: 1e15 }), RangeError, "count to be an integer from 1 to 1398101, found");
  assertThrows(of({ count: 2 ** 23, size: 28, channels: 1 }), RangeError, "from 1 to 5478274");
  assertThrows(of({ channels: 2 }), RangeError, "expected 1 or 3 channels, found 2");
  assertThrows(of({ seed: -1 }), RangeError, "seed: expected");
});

/** The share of test images that a net gets right after four epochs on 1,500 small gray images. */
async function accuracyOf(...layers: Layer[]) {
  const net = sequential(...layers);
  const sizes = { size: 16, channels: 1 } as const;
  const { train, test } = prepareCifar(
    procedural({ split: "train", count: 1500, ...sizes }),
    procedural({ split: "test", count: 300, ...sizes }),
  );
  await using run = await open({ device: "cpu" });
  const { images } = trainBatches(train, { batch: 64, key: [0, 1], epoch: 0 }).next().value!;
  const start = run.jit((k: Key, x: Tensor) => lsuv(net.layers, net.init(k, x), x));
  const params = start(key(0), tensor(images, [64, 16, 16, 1]));
  const options = { net, params, optimizer: adam({ learningRate: 0.003 }), train, test, batch: 32 };
  let accuracy = 0;
  for await (const event of fit(run, { ...options, epochs: 4, progressEvery: Infinity })) {
    if (event.kind === "epoch") accuracy = event.test!.accuracy;
  }
  return accuracy;
}

Deno.test("procedural() shows a convolutional net far more than a linear one", async () => {
  const block = (channels: number) => conv(channels, 3, { padding: 1, pieces: 2 });
  const linear = await accuracyOf(flatten, dense(10));
  const convolutional = await accuracyOf(
    ...[block(12), maxPool(2), block(24), block(24), maxPool(2), block(32)],
    ...[globalMaxPool, flatten, dense(10)],
  );
  assert(linear < 0.22, `the linear net gets ${linear}`);
  assert(convolutional > 0.35, `the convolutional net gets ${convolutional}`);
});

Deno.test("procedural() draws plain images of one bright shape on a dark ground", () => {
  const size = 16,
    plain = procedural({ split: "train", count: 40, size, channels: 1, plain: true });
  assertEquals(plain.name, "plain grey shapes train");
  assertEquals(classCounts(plain), new Array(10).fill(4));
  for (let i = 0; i < plain.count; i++) {
    const image = plain.images.subarray(i * size * size, (i + 1) * size * size);
    const border = [...image.subarray(0, size), ...image.subarray(-size)].toSorted((a, b) => a - b);
    assert(border[size]! <= 51, `the ground of image ${i} is ${border[size]}`);
    assert(Math.max(...image) >= 0.6 * 255 - 1, `image ${i} has no bright pixel`);
  }
  const again = procedural({ split: "train", count: 20, size, channels: 1, plain: true });
  assertEquals(again.images, plain.images.subarray(0, again.images.length));
});
