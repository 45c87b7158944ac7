import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { inputSize, preparePictures, testBatches } from "../../src/data/mod.ts";
import { pictures } from "./fixtures.ts";

const train = pictures({ count: 6, height: 7, width: 7 }),
  test = pictures({ count: 2, height: 7, width: 7 });

/** The mean of training bytes that fit. */
function meanOf(fits: (at: number) => boolean): number {
  const found = [...train.images].filter((_, at) => fits(at));
  return found.reduce((sum, byte) => sum + byte, 0) / found.length;
}

Deno.test("preparePictures() subtracts the mean image, and shows the central window in testing", () => {
  const prepared = preparePictures(train, test, { window: 5, scale: 0.5 });
  assertEquals(inputSize(prepared.test), { height: 5, width: 5, channels: 3 });
  const [batch] = testBatches(prepared.test, { batch: 2 });
  // Row 2, column 4 of the window is row 3, column 5 of the picture.
  const place = (3 * 7 + 5) * 3 + 1, byte = test.images[147 + place]!;
  const expected = (byte - meanOf((at) => at % 147 === place)) / 2;
  assertAlmostEquals(batch!.images[75 + (2 * 5 + 4) * 3 + 1]!, expected, 1e-4);
});

Deno.test("preparePictures() subtracts the mean of each channel", () => {
  const { train: prepared } = preparePictures(train, test, { mean: "color", padding: 2 });
  for (const channel of [0, 1, 2]) {
    const mean = meanOf((at) => at % 3 === channel);
    for (const pixel of [0, 48]) {
      assertAlmostEquals(prepared.mean[3 * pixel + channel]!, mean, 1e-4);
    }
  }
  assertEquals(prepared.augmentation, { padding: 2, mirror: true });
});

Deno.test("a window larger than the pictures is refused", () => {
  const { test: prepared } = preparePictures(train, test, { window: 8 });
  assertThrows(
    () => testBatches(prepared, { batch: 1 }).next(),
    RangeError,
    "testBatches: pictures: expected a window's height to be an integer from 1 to 7, found 8",
  );
});
