import { assert, assertEquals, assertRejects } from "@std/assert";
import { TaskError } from "../../../tasks/command.ts";
import { fitted } from "../../../tasks/images/fit.ts";
import { packageOf } from "../../../tasks/images/packages.ts";
import { pictureOf, readPicture } from "../../../tasks/images/picture.ts";
import { withPackage } from "./packages.ts";
import { COLOUR, type PngHeader, pngOf } from "./png.ts";

/** A red half beside a blue one, 16 × 8, at quality 95. */
const JPEG =
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wCEAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBw" +
  "YGCAsICQoKCgoKBggLDAsKDAkKCgoBAgICAgICBQMDBQoHBgcKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK" +
  "CgoKCgoKCgoKCgoKCgoKCgoKCv/AABEIAAgAEAMBEQACEQEDEQH/xAGiAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBw" +
  "gJCgsQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYn" +
  "KCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqa" +
  "qys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+gEAAwEBAQEBAQEBAQAAAAAAAAEC" +
  "AwQFBgcICQoLEQACAQIEBAMEBwUEBAABAncAAQIDEQQFITEGEkFRB2FxEyIygQgUQpGhscEJIzNS8BVictEKFiQ04S" +
  "XxFxgZGiYnKCkqNTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqi" +
  "o6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/2gAMAwEAAhEDEQA/AP" +
  "l+vxM/1APM6/3AP8Tz/9k=";

const png = async (header: PngHeader, bytes: readonly number[]) => {
  const picture = await pictureOf("a.png", await pngOf(header, bytes));
  return { ...picture, pixels: Array.from(picture.pixels) };
};

await withPackage("fast-png", "pictureOf() reads PNGs of every number of channels", async () => {
  const size = { width: 3, height: 2 };
  for (
    const [name, channels] of [["grey", 1], ["greyAlpha", 2], ["rgb", 3], ["rgbAlpha", 4]] as const
  ) {
    const bytes = Array.from({ length: 6 * channels }, (_, i) => 40 * i % 251);
    assertEquals(await png({ ...size, colour: COLOUR[name] }, bytes), {
      ...size,
      channels,
      pixels: bytes,
    });
  }
});

await withPackage(
  "fast-png",
  "pictureOf() reads palettes, and grey of 16 or a few bits",
  async () => {
    const palette = [1, 2, 3, 40, 50, 60, 7, 8, 9], row = { width: 3, height: 1 };
    const indexed = await png({ ...row, colour: COLOUR.palette, depth: 2, palette }, [
      0b10_01_00_00,
    ]);
    assertEquals([indexed.channels, ...indexed.pixels], [3, 7, 8, 9, 40, 50, 60, 1, 2, 3]);
    const few = await png({ width: 2, height: 2, colour: COLOUR.grey, depth: 2 }, [0x30, 0x90]);
    assertEquals([few.channels, ...few.pixels], [1, 0, 255, 170, 85]);
    const fine = await png({ ...row, colour: COLOUR.grey, depth: 16 }, [0, 0, 7, 7, 255, 255]);
    assertEquals([fine.channels, ...fine.pixels], [1, 0, 7, 255]);
  },
);

await withPackage("jpeg-js", "pictureOf() reads JPEGs", async () => {
  const picture = await pictureOf("a.jpg", Uint8Array.fromBase64(JPEG));
  assertEquals([picture.width, picture.height, picture.channels], [16, 8, 3]);
  const at = (x: number) => Array.from(picture.pixels).slice(3 * x, 3 * x + 3);
  assert([200, 40, 40].every((value, c) => Math.abs(at(0)[c] - value) < 6), `${at(0)}`);
  assert([30, 60, 220].every((value, c) => Math.abs(at(12)[c] - value) < 6), `${at(12)}`);
  assertEquals(fitted(picture, { height: 4, width: 4, channels: 1 }).length, 16);
});

const damaged = (bytes: Uint8Array) =>
  assertRejects(
    () => pictureOf("a", bytes),
    TaskError,
    "a: expected a whole image, found a damaged one: ",
  );

await withPackage("fast-png", "pictureOf() rejects a damaged PNG", async () => {
  const bytes = await pngOf({ width: 9, height: 9, colour: COLOUR.grey }, new Uint8Array(81));
  await damaged(bytes.subarray(0, 40));
});

await withPackage("jpeg-js", "pictureOf() rejects a damaged JPEG", async () => {
  await damaged(Uint8Array.of(0xff, 0xd8, 0xff, 0, 1));
});

Deno.test("pictureOf() rejects other files, readPicture() those that are not there", async () => {
  const other = "a: expected a PNG or JPEG image, found another kind of file";
  for (const bytes of [new TextEncoder().encode("GIF89a"), new Uint8Array()]) {
    await assertRejects(() => pictureOf("a", bytes), TaskError, other);
  }
  await assertRejects(
    () => readPicture("/nowhere.png"),
    TaskError,
    "/nowhere.png: expected an image file, found nothing there",
  );
});

Deno.test("packageOf() says what it needs where there is no package", async () => {
  await assertRejects(
    () => packageOf("no-such-package" as "fast-png"),
    TaskError,
    "expected the package no-such-package from npm, which its first use downloads, found none",
  );
});
