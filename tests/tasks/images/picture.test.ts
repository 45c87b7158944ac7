import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TaskError } from "../../../tasks/cli/command.ts";
import { decodePicture, readPicture } from "../../../tasks/images/picture.ts";
import { loadSharp } from "../../../tasks/images/sharp.ts";
import { folderOf } from "../../data/fixtures.ts";
import golden from "../../golden/pictures.json" with { type: "json" };
import { flatJpeg, headOnly, withSegment } from "./jpeg.ts";
import { adam7, COLOR, exifOf, type PngHeader, pngOf } from "./png.ts";

for (const { name, file, pixels, shape } of golden) {
  Deno.test(`decodePicture() finds the pixels that Pillow finds: ${name}`, async () => {
    const { width, height, ...found } = await decodePicture(name, Uint8Array.fromBase64(file));
    assertEquals([height, width, found.channels], shape);
    assertEquals(Uint8Array.from(found.pixels), Uint8Array.fromBase64(pixels));
  });
}

const png = async (header: PngHeader, bytes: readonly number[]) => {
  const picture = await decodePicture("a.png", await pngOf(header, bytes));
  return { ...picture, pixels: Array.from(picture.pixels) };
};

const row = { width: 3, height: 1 };

Deno.test("decodePicture() reads PNGs of every number of channels", async () => {
  const size = { width: 3, height: 2 };
  for (
    const [name, channels] of [["gray", 1], ["grayAlpha", 2], ["rgb", 3], ["rgbAlpha", 4]] as const
  ) {
    const bytes = Array.from({ length: 6 * channels }, (_, i) => 40 * i % 251);
    assertEquals(await png({ ...size, color: COLOR[name] }, bytes), {
      ...size,
      channels,
      pixels: bytes,
    });
  }
});

Deno.test("decodePicture() reads palettes, and gray of 16 or a few bits", async () => {
  const palette = [1, 2, 3, 40, 50, 60, 7, 8, 9];
  const indexed = { ...row, color: COLOR.palette, depth: 2, palette };
  const plain = await png(indexed, [0b10_01_00_00]);
  assertEquals([plain.channels, ...plain.pixels], [3, 7, 8, 9, 40, 50, 60, 1, 2, 3]);
  const clear = await png({ ...indexed, transparency: [0, 128] }, [0b10_01_00_00]);
  assertEquals([clear.channels, ...clear.pixels], [4, 7, 8, 9, 255, 40, 50, 60, 128, 1, 2, 3, 0]);
  const few = await png({ width: 2, height: 2, color: COLOR.gray, depth: 2 }, [0x30, 0x90]);
  assertEquals([few.channels, ...few.pixels], [1, 0, 255, 170, 85]);
  const fine = await png({ ...row, color: COLOR.gray, depth: 16 }, [0, 0, 7, 7, 255, 255]);
  assertEquals([fine.channels, ...fine.pixels], [1, 0, 7, 255]);
  const both = { ...row, width: 1, color: COLOR.grayAlpha, depth: 16 };
  assertEquals((await png(both, [1, 1, 128, 128])).pixels, [1, 128]);
});

Deno.test("decodePicture() makes the transparent color of a PNG transparent", async () => {
  const gray = await png({ ...row, color: COLOR.gray, transparency: [0, 9] }, [8, 9, 10]);
  assertEquals([gray.channels, ...gray.pixels], [2, 8, 255, 9, 0, 10, 255]);
  const few = { ...row, color: COLOR.gray, depth: 2, transparency: [0, 1] };
  assertEquals((await png(few, [0b10_01_00_00])).pixels, [170, 255, 85, 0, 0, 255]);
  // In 16 bits, the lower ones count too.
  const fine = { ...row, width: 2, color: COLOR.gray, depth: 16, transparency: [7, 7] };
  const [first, clear, second, opaque] = (await png(fine, [7, 7, 7, 8])).pixels;
  assertEquals([first, clear, Math.round(second!), opaque], [7, 0, 7, 255]);
  const colors = { width: 1, height: 1, color: COLOR.rgb, transparency: [0, 1, 0, 2, 0, 3] };
  assertEquals((await png(colors, [1, 2, 3])).pixels, [1, 2, 3, 0]);
  assertEquals((await png(colors, [1, 2, 4])).pixels, [1, 2, 4, 255]);
});

Deno.test("decodePicture() ignores the suggested palette of a color PNG", async () => {
  const { channels, pixels } = await png({
    ...row,
    color: COLOR.rgb,
    palette: [9, 9, 9, 8, 8, 8],
  }, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals([channels, ...pixels], [3, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

for (const depth of [1, 2, 4, 8] as const) {
  for (const [width, height] of [[1, 1], [2, 3], [5, 9], [13, 11]] as const) {
    Deno.test(`decodePicture() reads interlaced PNGs: ${width} × ${height} of ${depth} bits`, async () => {
      const most = 2 ** depth - 1;
      const numbers = Array.from({ length: width * height }, (_, i) => (i * 7919 >> 3) & most);
      const header = { width, height, color: COLOR.gray, depth, interlaced: true };
      const { pixels } = await png(header, adam7(numbers, width, depth));
      assertEquals(pixels, numbers.map((number) => number * 255 / most));
    });
  }
}

/** What 1 2 3 above 4 5 6 becomes, by EXIF's orientation. */
const UPRIGHT: readonly (readonly [width: number, ...pixels: number[]])[] = [
  [3, 1, 2, 3, 4, 5, 6],
  [3, 3, 2, 1, 6, 5, 4],
  [3, 6, 5, 4, 3, 2, 1],
  [3, 4, 5, 6, 1, 2, 3],
  [2, 1, 4, 2, 5, 3, 6],
  [2, 4, 1, 5, 2, 6, 3],
  [2, 6, 3, 5, 2, 4, 1],
  [2, 3, 6, 2, 5, 1, 4],
];

UPRIGHT.forEach(([width, ...expected], i) => {
  Deno.test(`decodePicture() rotates a PNG upright: orientation ${i + 1}`, async () => {
    for (const interlaced of [false, true]) {
      for (const exif of [exifOf(i + 1), exifOf(i + 1, { little: false, type: 4 })]) {
        const header = { width: 3, height: 2, color: COLOR.gray, exif, interlaced };
        const numbers = [1, 2, 3, 4, 5, 6];
        const found = await png(header, interlaced ? adam7(numbers, 3, 8) : numbers);
        assertEquals([found.width, found.height, ...found.pixels], [width, 6 / width, ...expected]);
      }
    }
  });
});

Deno.test("decodePicture() treats a picture as upright where its EXIF data are damaged or lack an orientation", async () => {
  const whole = exifOf(6), header = { width: 3, height: 2, color: COLOR.gray };
  const none = whole.slice();
  none[10] = 0; // Another tag.
  for (
    const exif of [
      none,
      exifOf(0),
      exifOf(9),
      ...[0, 4, 9, 12, 20].map((n) => whole.slice(0, n)),
    ]
  ) {
    assertEquals((await png({ ...header, exif }, [1, 2, 3, 4, 5, 6])).width, 3);
  }
  const jpeg = flatJpeg(16, 8), exif = [..."Exif\0\0"].map((letter) => letter.charCodeAt(0));
  const turned = await decodePicture("a", withSegment(jpeg, 0xe1, [...exif, ...whole]));
  assertEquals([turned.width, turned.height], [8, 16]);
  const other = await decodePicture("a", withSegment(jpeg, 0xe1, [...exif, ...whole.slice(0, 12)]));
  assertEquals([other.width, other.height], [16, 8]);
});

Deno.test("decodePicture() reads a JPEG of 108 megapixels", async () => {
  const { width, height, channels, pixels } = await decodePicture("a", flatJpeg(12_000, 9_000));
  assertEquals([width, height, channels, pixels.length], [12_000, 9_000, 1, 108_000_000]);
  assertEquals([pixels[0], pixels[pixels.length - 1]], [128, 128]);
});

Deno.test("decodePicture() rejects a picture that is too large, with the limit", async () => {
  const says = "a: expected a picture that takes at most 2.1 GB to decode, found ";
  await assertRejects(
    () => decodePicture("a", headOnly(60_000, 40_000, 3)),
    TaskError,
    "a: expected a picture of at most 178,956,970 pixels, found 60000 × 40000; max-pixels allows more",
  );
  await assertRejects(
    () => decodePicture("a", headOnly(60_000, 40_000, 3), 1e10),
    TaskError,
    `${says}60000 × 40000 pixels, which take 14.4 GB; scale it down first`,
  );
  const large = await pngOf({ width: 50_000, height: 50_000, color: COLOR.gray }, []);
  for (const limit of [undefined, 1e10]) {
    await assertRejects(
      () => decodePicture("a", large, limit),
      TaskError,
      limit ? "its pixels end too early" : "found 50000 × 50000; max-pixels allows more",
    );
  }
});

const damaged = (bytes: Uint8Array<ArrayBuffer>, what = "") =>
  assertRejects(
    () => decodePicture("a", bytes),
    TaskError,
    `a: expected a whole image, found a damaged one: ${what}`,
  );

Deno.test("decodePicture() rejects a PNG that is truncated anywhere", async () => {
  const bytes = await pngOf({ width: 9, height: 9, color: COLOR.gray }, new Uint8Array(81));
  for (let length = 4; length < bytes.length; length += 3) await damaged(bytes.slice(0, length));
  await damaged(bytes.slice(0, 47), "it ends within its chunk IDAT: truncated");
});

Deno.test("decodePicture() rejects a PNG whose pixels are too few or damaged", async () => {
  await damaged(await pngOf({ width: 9, height: 10, color: COLOR.gray }, new Uint8Array(70)));
  const palette = { ...row, color: COLOR.palette, palette: [1, 2, 3] };
  await damaged(await pngOf(palette, [0, 0, 1]), "a pixel is of color 1 of 1");
  await damaged(
    await pngOf({ ...row, color: COLOR.rgb, depth: 4 }, [1, 2, 3, 4, 5]),
    "its header",
  );
});

Deno.test("decodePicture() rejects a JPEG that is truncated anywhere", async () => {
  for (const { name, file } of golden.filter(({ name }) => /4:2:0|no JFIF/.test(name))) {
    const bytes = Uint8Array.fromBase64(file);
    for (let length = 3; length < bytes.length - 2; length += 29) {
      await damaged(bytes.slice(0, length));
    }
    await damaged(bytes.slice(0, -20), name.startsWith("progressive") ? "it" : "its pixels end");
  }
});

Deno.test("decodePicture() reads a JPEG whose end marker is missing, unless scans may be missing too", async () => {
  const find = (wanted: string) => golden.find(({ name }) => name === wanted)!;
  const { file, pixels } = find("4:2:0"), bytes = Uint8Array.fromBase64(file);
  const picture = await decodePicture("a", bytes.slice(0, -2));
  assertEquals(Uint8Array.from(picture.pixels), Uint8Array.fromBase64(pixels));
  const progressive = Uint8Array.fromBase64(find("progressive 4:2:0").file);
  await damaged(progressive.slice(0, -2), "it ends without an end marker: truncated");
});

Deno.test("decodePicture() names the kinds of JPEG that are not read", async () => {
  const kinds = [[0xc3, 8, "a lossless one"], [0xc9, 8, "an arithmetic-coded one"], [
    0xc1,
    12,
    "one of 12 bits per sample",
  ]] as const;
  for (const [marker, bits, kind] of kinds) {
    await assertRejects(
      () => decodePicture("a", headOnly(8, 8, 1, marker, bits)),
      TaskError,
      `a: expected a baseline or progressive JPEG, found ${kind}`,
    );
  }
});

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const OTHERS: readonly (readonly [kind: string, start: string])[] = [
  ["a GIF image", "GIF89a"],
  ["a WebP image", "RIFF\x10\0\0\0WEBPVP8 "],
  ["a BMP image", "BM\0\0"],
  ["a TIFF image", "II*\0\x08\0\0\0"],
  ["a TIFF image", "MM\0*\0\0\0\x08"],
  ["a HEIC image", "\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
  ["a HEIC image", "\0\0\0\x18ftypmif1\0\0\0\0mif1heic"],
  ["a HEIF image", "\0\0\0\x14ftypmif1\0\0\0\0mif1"],
  ["an AVIF image", "\0\0\0\x1cftypavif\0\0\0\0avifmif1"],
  ["a JPEG XL image", "\xff\x0a\x80"],
  ["a JPEG 2000 image", "\0\0\0\x0cjP  \r\n"],
  ["an SVG image", '<?xml version="1.0"?>\n<svg xmlns="">'],
  ["an SVG image", "\xef\xbb\xbf <svg>"],
  ["a PNM image", "P5 2 2 255\n"],
];

/** The formats that need the npm package sharp. */
const BY_SHARP = /GIF|WebP|TIFF|AVIF/;

for (const [kind, start] of OTHERS.filter(([kind]) => BY_SHARP.test(kind))) {
  Deno.test(`decodePicture() says that ${kind} is damaged, or needs sharp: ${start.slice(0, 4)}`, async () => {
    const error = await assertRejects(() => decodePicture("a.png", bytesOf(start)), TaskError);
    const says = await loadSharp()
      ? "a.png: expected a whole image, found a damaged one: "
      : `a.png: expected a PNG or JPEG image, found ${kind}, for which the npm package sharp is needed`;
    assertStringIncludes(error.message, says);
  });
}

for (const [kind, start] of OTHERS.filter(([kind]) => !BY_SHARP.test(kind))) {
  Deno.test(`decodePicture() names ${kind} that begins ${JSON.stringify(start.slice(0, 12))}`, async () => {
    await assertRejects(
      () => decodePicture("a.png", bytesOf(start)),
      TaskError,
      `a.png: expected a PNG, JPEG, WebP, GIF, AVIF or TIFF image, found ${kind}; convert it, such as by ImageMagick: ` +
        "convert a.png a.png.png",
    );
  });
}

Deno.test("decodePicture() shows a command that a shell understands", async () => {
  await assertRejects(
    () => decodePicture("my cat's.bmp", bytesOf("BM\0\0")),
    TaskError,
    "convert 'my cat'\\''s.bmp' 'my cat'\\''s.bmp.png'",
  );
});

Deno.test("decodePicture() names the format of a file that is no picture", async () => {
  for (
    const [start, found] of [
      ["", "an empty file"],
      ["%PDF-1.4", "a PDF document"],
      ["<!DOCTYPE html>", "an HTML page"],
      ["\0\0\0\x14ftypisom\0\0\0\0mp41", "a video"],
      ["hello", "another kind of file"],
    ] as const
  ) {
    await assertRejects(
      () => decodePicture("a", bytesOf(start)),
      TaskError,
      `a: expected a PNG, JPEG, WebP, GIF, AVIF or TIFF image, found ${found}`,
    );
  }
});

Deno.test("readPicture() goes by a file's content, and says what it found instead of a picture", async () => {
  const files = { "a.png": flatJpeg(3, 2), "a.txt": flatJpeg(2, 2) };
  await using folder = await folderOf(files);
  assertEquals((await readPicture(`${folder.path}/a.png`)).width, 3);
  assert((await readPicture(`${folder.path}/a.txt`)).width === 2);
  const rejects = (path: string, found: string) =>
    assertRejects(
      () => readPicture(path),
      TaskError,
      `${path}: expected an image file, found ${found}`,
    );
  await rejects("/nowhere.png", "nothing there");
  await rejects(`${folder.path}/a.png/b.png`, "nothing there");
  await rejects(folder.path, `a folder; name the images in it, such as ${folder.path}/*.png`);
});
