/**
 * The random numbers of augmentation: each image's own, three to a crop, the same for ever.
 */
import { assert, assertEquals } from "@std/assert";
import { centralCrop, cropRange, drawCrop, drawPart } from "../../../src/data/loader/augment.ts";
import { randomSampler } from "../../../src/data/loader/sampler.ts";
import { prepareCifar } from "../../../src/data/preprocess.ts";
import type { KeyData } from "../../../src/threefry.ts";
import { pictures } from "../fixtures.ts";

const key: KeyData = [3, 14];
/** So many windows that two draws are hardly ever the same. */
const MANY = { first: { top: 0, left: 0 }, rows: 2 ** 31, columns: 2 ** 31, mirror: true };
const PADDED = { first: { top: -4, left: -2 }, rows: 9, columns: 5, mirror: true };

/** Top, left and mirror of the first crops, computed from Threefry in Python too. */
const GOLDEN = [[-2, 2, 1], [2, -2, 0], [4, 1, 0], [1, 1, 0], [-4, 2, 1], [-1, 1, 1], [-3, -1, 1], [
  -3,
  2,
  1,
]];

Deno.test("every row and column of every crop is drawn by itself", () => {
  const drawn = [0, 1].flatMap((epoch) =>
    Array.from({ length: 200 }, (_, position) => drawCrop(MANY, key, epoch, position))
  );
  const numbers = drawn.flatMap(({ top, left }) => [top, left]);
  assertEquals(new Set(numbers).size, numbers.length);
});

Deno.test("drawCrop() draws what it always drew: a run can be made again by a later version", () => {
  const drawn = [0, 1, 2, 3, 4, 5, 6, 7].map((position) => drawCrop(PADDED, key, 2, position));
  assertEquals(
    drawn.map(({ top, left, mirrored }) => [top, left, Number(mirrored)]),
    GOLDEN,
  );
});

Deno.test("drawPart() gives each image of each epoch a key of its own", () => {
  const keys = [0, 1].flatMap((epoch) =>
    Array.from({ length: 50 }, (_, position) => drawPart(key, epoch, position).join())
  );
  assertEquals(new Set(keys).size, 100);
});

Deno.test("the images of a batch, and of the batches of an epoch, are augmented differently", () => {
  const { train } = prepareCifar(
    pictures({ count: 60, height: 40, width: 40 }),
    pictures({ count: 1, height: 40, width: 40 }),
  );
  const padded = { ...train, augmentation: { padding: 30, mirror: true } };
  const sample = randomSampler(padded, { batch: 20, key, epoch: 1, augment: true });
  const crops = [0, 1, 2].flatMap((index) => {
    const { count, crop } = sample(index);
    return Array.from({ length: count }, (_, slot) => JSON.stringify(crop(slot)));
  });
  assertEquals(crops.length, 60);
  // Of 61² × 2 crops two may be the same, but hardly four.
  assert(new Set(crops).size >= 58, `${new Set(crops).size} crops`);
});

Deno.test("windows reach from one end of the padding to the other; the central one is between", () => {
  const [height, width] = [9, 6];
  const { train } = prepareCifar(
    pictures({ count: 1, height, width }),
    pictures({ count: 1, height, width }),
  );
  const source = { ...train, window: { height: 3, width: 2 } };
  assertEquals(cropRange({ ...source, augmentation: { padding: 2, mirror: false } }), {
    first: { top: -2, left: -2 },
    // From 2 above, or left, to where the window's end is 2 below, or right.
    rows: 9 + 2 - 3 + 2 + 1,
    columns: 6 + 2 - 2 + 2 + 1,
    mirror: false,
  });
  assertEquals(centralCrop(source), { top: 3, left: 2, mirrored: false });
});
