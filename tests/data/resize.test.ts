import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { resize } from "../../src/data/mod.ts";
import { pictures } from "./fixtures.ts";

Deno.test("resize() interpolates between centers of pixels, as PyTorch does without align_corners", () => {
  const source = pictures({ count: 3, height: 5, width: 4 }), size = { height: 13, width: 7 };
  const { images, labels, count, height, width } = resize(source, size);
  assertEquals([labels, count, height, width], [source.labels, 3, 13, 7]);
  const clamp = (x: number, most: number) => Math.min(most, Math.max(0, x));
  for (let i = 0, at = 0; i < 3; i++) {
    for (let y = 0; y < 13; y++) {
      for (let x = 0; x < 7; x++) {
        for (let c = 0; c < 3; c++, at++) {
          const [v, u] = [clamp((y + 0.5) * 5 / 13 - 0.5, 4), clamp((x + 0.5) * 4 / 7 - 0.5, 3)];
          const [top, left] = [Math.floor(v), Math.floor(u)];
          const pixel = (row: number, column: number) =>
            source.images[((i * 5 + Math.min(row, 4)) * 4 + Math.min(column, 3)) * 3 + c]!;
          const row = (r: number) =>
            pixel(r, left) * (left + 1 - u) + pixel(r, left + 1) * (u - left);
          const expected = row(top) * (top + 1 - v) + row(top + 1) * (v - top);
          assertLessOrEqual(Math.abs(images[at]! - expected), 0.5 + 1e-9);
        }
      }
    }
  }
});

Deno.test("resize() counts every pixel when downsampling, and leaves an equal size unchanged", () => {
  const gray = {
    ...pictures({ count: 1, height: 1, width: 4, channels: 1 }),
    images: Uint8Array.of(70, 140, 210, 0),
  };
  assertEquals([...resize(gray, { height: 1, width: 2 }).images], [120, 110]);
  assertEquals(resize(gray, { height: 1, width: 4 }).images, gray.images);
});

Deno.test("resize() refuses sizes that are none, and more than fits", () => {
  const source = pictures({ count: 200, height: 2, width: 2 });
  assertThrows(() => resize(source, { height: 0, width: 2 }), RangeError, "resize: expected");
  assertThrows(
    () => resize(source, { height: 3000, width: 3000 }),
    RangeError,
    "resize: expected at most 159 images of 3000 × 3000 × 3, which 4 GiB hold, found 200",
  );
});
