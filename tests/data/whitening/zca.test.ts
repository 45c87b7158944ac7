import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import {
  prepareCifar,
  type Prepared,
  prepareMnist,
  testBatches,
  whiten,
  zcaWhitening,
} from "../../../src/data/mod.ts";
import { scaledCubics } from "../../../src/data/whitening/scaled_cubics.ts";
import { open } from "../../../src/runtime/mod.ts";
import { forEachDevice } from "../../devices.ts";
import { pictures } from "../fixtures.ts";
import { zcaMatrix } from "./float64.ts";

/** The preprocessed images of a source as rows, minus a mean. */
function rowsOf(source: Prepared, mean = new Float32Array(source.mean.length)): number[][] {
  const { count } = source.dataset, [batch] = testBatches(source, { batch: count });
  const n = mean.length;
  return Array.from(
    { length: count },
    (_, i) => Array.from({ length: n }, (_, k) => batch!.images[i * n + k]! - mean[k]!),
  );
}

/** Smooth images, so that neighboring pixels are correlated and eigenvalues are far apart. */
function smooth(sizes: { count: number; height: number; width: number; channels?: 1 | 3 }) {
  const dataset = pictures(sizes), { height, width, channels } = dataset;
  const images = dataset.images.map((byte, at) => {
    const pixel = Math.floor(at / channels) % (height * width),
      image = Math.floor(at / (height * width * channels));
    const wave = Math.sin(image * 1.7 + (pixel % width) / 3) +
      Math.cos(image * 0.9 + pixel / width / 2);
    return Math.round(128 + 50 * wave + byte / 25);
  });
  return { ...dataset, images };
}

const color = prepareCifar(
  smooth({ count: 90, height: 5, width: 4 }),
  smooth({ count: 7, height: 5, width: 4 }),
);
const gray = prepareMnist(
  smooth({ count: 13, height: 7, width: 3, channels: 1 }),
  smooth({ count: 2, height: 7, width: 3, channels: 1 }),
);
/** More images than are multiplied at once. */
const many = prepareCifar(
  smooth({ count: 1030, height: 1, width: 3 }),
  smooth({ count: 1, height: 1, width: 3 }),
);

for (
  const [name, { train, test }, bias] of [["color", color, 0.1], ["gray", gray, 0.02], [
    "many",
    many,
    0.1,
  ]] as const
) {
  forEachDevice(
    `zcaWhitening() is the inverse square root of the covariance: ${name}`,
    async (run) => {
      const { mean, matrix } = await zcaWhitening(run, train, { bias }), n = mean.length;
      const centered = rowsOf({ ...train, mean });
      const { matrix: expected, values } = zcaMatrix(centered, bias);
      // What an error of 2^-24 of the covariance's norm does to the directions of no variance.
      const norm = Math.hypot(...values);
      const tolerance = norm * 2 ** -24 / (2 * bias ** 1.5);
      expected.flat().forEach((value, at) => assertLess(Math.abs(matrix[at]! - value), tolerance));
      const by = { mean, matrix };
      for (const source of [train, test]) {
        const whitened = await whiten(run, source, by);
        const [rows, found] = [rowsOf({ ...source, mean }), rowsOf(whitened)];
        rows.forEach((row, i) =>
          expected.forEach((column, k) => {
            const value = row.reduce((sum, x, at) => sum + x * column[at]!, 0);
            assertLess(Math.abs(found[i]![k]! - value), 1e-3, `${source.dataset.name} ${i} ${k}`);
          })
        );
        assertEquals(whitened.whitened!.images.length, source.dataset.count * n);
      }
    },
  );
}

forEachDevice("whitened training images have eigenvalues of λ / (λ + bias)", async (run) => {
  const { train } = color, by = await zcaWhitening(run, train), { mean } = by;
  const before = zcaMatrix(rowsOf({ ...train, mean }), 0.1).values.toSorted((a, b) => a - b);
  const after = zcaMatrix(rowsOf(await whiten(run, train, by)), 0.1).values.toSorted((a, b) =>
    a - b
  );
  assert(before.at(-1)! > 50 && before[0]! < 1, `${before}`);
  before.forEach((value, i) => assertLess(Math.abs(after[i]! - value / (value + 0.1)), 2e-4));
});

Deno.test("zcaWhitening() gives the same bits with any number of threads", async () => {
  const found = [];
  for (const threads of [1, 2, 3]) {
    await using run = await open({ device: "cpu", threads });
    const by = await zcaWhitening(run, color.train);
    found.push({ by, images: [...(await whiten(run, color.test, by)).whitened!.images] });
  }
  assertEquals(found[1], found[0]);
  assertEquals(found[2], found[0]);
});

Deno.test("scaledCubics() take every number from the lowest on to 1", () => {
  for (const low of [1e-4, 0.01, 0.3, 0.9, 1 - 1e-6]) {
    const cubics = scaledCubics(low);
    for (let i = 0; i <= 1000; i++) {
      const x = low * (1 / low) ** (i / 1000);
      const y = cubics.reduce((x, { first, third }) => x * (first - third * x * x), x);
      assertLess(Math.abs(y - 1), 1e-7, `${low} ${x}`);
    }
  }
  // Newton-Schulz's own coefficients take 17.
  assertEquals(scaledCubics(0.01).length, 8);
});

const large = (() => {
  const dataset = pictures({ count: 1, height: 74, width: 74 });
  return prepareMnist(dataset, dataset).train;
})();

const refused: [string, (run: Parameters<typeof whiten>[0]) => Promise<unknown>, string][] = [
  [
    "a bias of 0",
    (run) => zcaWhitening(run, color.train, { bias: 0 }),
    "zcaWhitening: expected a bias above 0, found 0",
  ],
  [
    "a bias that f32 cannot resolve",
    (run) => zcaWhitening(run, color.train, { bias: 1e-7 }),
    "zcaWhitening: expected a bias of at least ",
  ],
  [
    "images whose covariance is too large",
    (run) => zcaWhitening(run, large),
    "zcaWhitening: expected images of at most 16384 numbers, whose covariance takes 1 GiB, found 74 × 74 × 3 in pictures",
  ],
  [
    "a transform of another size",
    async (run) => whiten(run, gray.test, await zcaWhitening(run, color.train)),
    "whiten: expected a transform of the 21 pixels of pictures, a mean of 21 and a matrix of 441 numbers, found 60 and 3600",
  ],
  [
    "fewer whitened images",
    (run) =>
      whiten(run, {
        ...gray.test,
        whitened: {
          by: { mean: gray.test.mean, matrix: gray.test.mean },
          images: new Float32Array(5),
        },
      }, { mean: gray.test.mean, matrix: new Float32Array(441) }),
    "expected 42 numbers in its whitened images, found 5",
  ],
];
for (const [what, work, message] of refused) {
  Deno.test(`whitening refuses ${what}`, async () => {
    await using run = await open({ device: "reference" });
    await assertRejects(() => work(run), RangeError, message);
  });
}
