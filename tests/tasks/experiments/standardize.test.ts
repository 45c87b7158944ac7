import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type Prepared, prepareMnist, procedural } from "../../../src/data/mod.ts";
import { standardizeSplits } from "../../../tasks/experiments/standardize.ts";

const digits = (split: "train" | "test", count: number) =>
  procedural({ split, count, size: 28, channels: 1, seed: 0 });

Deno.test("standardizeSplits() pads images, and standardizes each split to mean 0 and variance 1", () => {
  const plain = prepareMnist(digits("train", 12), digits("test", 5));
  const splits = standardizeSplits(plain);
  for (const name of ["train", "test"] as const) {
    const { dataset, scale, offset, mean }: Prepared = splits[name];
    const { images, count, height, width } = dataset;
    assertEquals([height, width, images.length], [32, 32, count * 1024]);
    const before = plain[name].dataset.images;
    const at = (image: number, y: number, x: number) => images[(image * 32 + y) * 32 + x];
    assertEquals([at(1, 2, 2), at(1, 29, 29)], [before[784], before[2 * 784 - 1]]);
    for (let i = 0; i < 32; i++) {
      assertEquals([at(0, 0, i), at(0, 1, i), at(0, 31, i), at(0, i, 0), at(0, i, 30)], [
        0,
        0,
        0,
        0,
        0,
      ]);
    }
    const pixels = Array.from(images, (byte) => byte * scale[0]! - offset[0]! - mean[0]!);
    const average = pixels.reduce((a, b) => a + b) / pixels.length;
    const variance = pixels.reduce((sum, x) => sum + (x - average) ** 2, 0) / pixels.length;
    assertAlmostEquals(average, 0, 1e-9);
    assertAlmostEquals(variance, 1, 1e-9);
  }
});
