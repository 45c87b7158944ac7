/**
 * Resizing and cropping, beside Pillow's pixels and torchvision's rules (tests/golden/write_transforms.py).
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { keyData } from "../../../src/threefry.ts";
import { makeImage } from "../../../tasks/images/make_image.ts";
import { ownDecoder } from "../../../tasks/images/picture.ts";
import { resample } from "../../../tasks/images/resample/resample.ts";
import { loadSharp } from "../../../tasks/images/sharp.ts";
import {
  centralPart,
  cropBytes,
  randomPart,
  randomPartSize,
  resizeAndCrop,
  toBytes,
} from "../../../tasks/images/transforms.ts";
import golden from "../../golden/transforms.json" with { type: "json" };

const sharp = await loadSharp();

/** The largest difference of two lists of bytes. */
function difference(found: Uint8Array, expected: Uint8Array): number {
  assertEquals(found.length, expected.length);
  return found.reduce((most, byte, i) => Math.max(most, Math.abs(byte - expected[i]!)), 0);
}

for (const { name, file, made } of golden.files) {
  const bytes = Uint8Array.fromBase64(file), own = ownDecoder(bytes) !== undefined;
  for (const [by, decode] of [["this project's decoders", undefined], ["sharp", sharp]] as const) {
    Deno.test({
      name: `makeImage() has torchvision's bytes of ${name}, by ${by}`,
      ignore: decode === undefined && (by === "sharp" || !own),
      async fn() {
        for (const { bytes: expected, ...size } of made) {
          const found = await makeImage(name, bytes, { size }, decode);
          assertEquals(difference(found, Uint8Array.fromBase64(expected)), 0, JSON.stringify(size));
        }
      },
    });
  }
}

Deno.test("resample() has the bits of Pillow's resize", () => {
  for (const { pixels, bytes, to, ...size } of golden.resizes) {
    const picture = {
      ...size,
      channels: size.channels as 1 | 3,
      pixels: Uint8Array.fromBase64(pixels),
    };
    const found = resample(picture, { width: to[0]!, height: to[1]! });
    assertEquals(
      difference(found, Uint8Array.fromBase64(bytes)),
      0,
      `${JSON.stringify(size)} to ${to}`,
    );
  }
});

/** A picture of random bytes. */
function noise(width: number, height: number, channels: 1 | 2 | 3 | 4) {
  let state = width * 31 + height * 7 + channels;
  const pixels = Uint8Array.from(
    { length: width * height * channels },
    () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16 & 255,
  );
  return { width, height, channels, pixels };
}

Deno.test("resample() computes a part as that part of all", () => {
  for (const channels of [1, 2, 3, 4] as const) {
    const picture = noise(37, 29, channels);
    const all = { width: 19, height: 43, channels };
    const whole = { ...all, pixels: resample(picture, all) };
    for (
      const part of [{ left: 3, top: 5, width: 7, height: 11 }, {
        left: 18,
        top: 42,
        width: 1,
        height: 1,
      }]
    ) {
      assertEquals(resample(picture, { ...all, part }), cropBytes(whole, part).pixels);
    }
  }
});

Deno.test("resample() takes pictures of more rows than it copies at once", () => {
  const picture = noise(1200, 1300, 1), { pixels } = picture;
  const found = resample(picture, { width: 1200, height: 1300 });
  assertEquals(found, pixels);
  const narrow = resample(picture, { width: 3, height: 1300 });
  for (const y of [0, 871, 872, 873, 874, 1299]) {
    const row = {
      width: 1200,
      height: 1,
      channels: 1,
      pixels: pixels.subarray(1200 * y, 1200 * y + 1200),
    } as const;
    assertEquals(narrow.subarray(3 * y, 3 * y + 3), resample(row, { width: 3, height: 1 }));
  }
});

Deno.test("randomPart() has torchvision's sizes for its draws", () => {
  for (const { width, height, draws, part } of golden.parts) {
    const size = randomPartSize({ width, height }, (index) => draws[index]! / 2 ** 32);
    const found = size ?? centralPart({ width, height });
    const { left, top } = { left: undefined, top: undefined, ...found };
    const place = left === undefined ? [] : [left, top];
    assertEquals([found.width, found.height, ...place], part, `${width} × ${height}`);
  }
});

Deno.test("randomPart() lies within the picture, differs by key, and reaches its edges", () => {
  const parts = Array.from(
    { length: 400 },
    (_, i) => randomPart({ width: 50, height: 30 }, keyData(i)),
  );
  for (const { left, top, width, height } of parts) {
    assert(left >= 0 && top >= 0 && left + width <= 50 && top + height <= 30);
    assert(width * height >= 0.07 * 1500 && width / height > 0.6 && width / height < 1.6);
  }
  assert(new Set(parts.map((part) => JSON.stringify(part))).size > 350);
  assert(parts.some(({ left }) => left === 0) && parts.some(({ top }) => top === 0));
  assert(parts.some(({ left, width }) => left + width === 50));
});

Deno.test("a random part has the bytes of the picture cropped and resized, however it is decoded", async () => {
  const size = { width: 13, height: 11, channels: 3 };
  for (
    const name of ["a JPEG", "a rotated JPEG", "a mirrored JPEG", "a CMYK JPEG", "a PNG with alpha"]
  ) {
    const bytes = Uint8Array.fromBase64(golden.files.find((file) => file.name === name)!.file);
    const picture = toBytes(await ownDecoder(bytes)!(), 3);
    for (const seed of [0, 1, 2]) {
      const key = keyData(seed), cut = cropBytes(picture, randomPart(picture, key));
      const expected = resample(cut, size);
      assertEquals(await makeImage(name, bytes, { size, key }, undefined), expected);
      if (sharp) assertEquals(await makeImage(name, bytes, { size, key }, sharp), expected);
    }
  }
});

Deno.test("resizeAndCrop() takes the center of the longer side, and all of it where proportions agree", () => {
  const row = (...pixels: number[]) =>
    ({ width: pixels.length, height: 1, channels: 1, pixels: Uint8Array.from(pixels) }) as const;
  assertEquals([...resizeAndCrop(row(1, 2, 3, 4, 5), { width: 1, height: 1 })], [3]);
  assertEquals([...resizeAndCrop(row(1, 2, 3, 4), { width: 2, height: 1 })], [2, 3]);
  assertEquals([...resizeAndCrop(row(10, 20), { width: 2, height: 1 })], [10, 20]);
  assertThrows(() => toBytes(row(1), 2), RangeError, "expected 1 or 3 channels, found 2");
});
