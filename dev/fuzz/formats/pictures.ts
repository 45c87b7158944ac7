/**
 * Pictures, by this project's decoders and by `sharp` where that is there; tables of pictures; and the cache of
 * decoded ones.
 *
 * @module
 */
import { crc32 } from "../../../src/data/files/crc32.ts";
import { TaskError } from "../../../tasks/cli/mod.ts";
import { MOST_PIXELS, type Picture } from "../../../tasks/images/canvas.ts";
import { listPlace } from "../../../tasks/images/listing/mod.ts";
import { readCached, writeCached } from "../../../tasks/images/loading/picture_cache.ts";
import { makeImage } from "../../../tasks/images/make_image.ts";
import { decodePicture } from "../../../tasks/images/picture.ts";
import { loadSharp } from "../../../tasks/images/sharp.ts";
import golden from "../../../tests/golden/pictures.json" with { type: "json" };
import transforms from "../../../tests/golden/transforms.json" with { type: "json" };
import { adam7, COLOR, pngOf } from "../../../tests/tasks/images/png.ts";
import type { Bytes } from "../edits.ts";
import { expect, type Format, Wrong } from "../format.ts";

const bytesOf = (file: string): Bytes => Uint8Array.fromBase64(file);
const isPng = (bytes: Bytes): boolean => bytes[0] === 0x89;
const GOLDEN = golden.map(({ file }) => bytesOf(file));

/** Throws a Wrong unless a picture has as many numbers from 0 to 255 as it says. */
function check({ width, height, channels, pixels }: Picture): void {
  expect(width > 0 && height > 0 && width * height <= MOST_PIXELS, `${width} × ${height}`);
  expect(pixels.length === width * height * channels, `${pixels.length} of ${width} × ${height}`);
  for (let i = 0; i < pixels.length; i++) {
    expect(pixels[i]! >= 0 && pixels[i]! <= 255, `a pixel of ${pixels[i]}`);
  }
}

/** A PNG whose chunks have the checksums that they should. */
function withSums(bytes: Bytes): Bytes {
  const copy = bytes.slice(), view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > copy.length) break;
    view.setUint32(end - 4, crc32(copy.subarray(at + 4, end - 4)));
    at = end;
  }
  return copy;
}

const read = async (bytes: Bytes) => check(await decodePicture("a", bytes));

/** PNG. */
export const PNG: Format = {
  name: "png",
  reseal: withSums,
  async seeds() {
    const gray = Array.from({ length: 63 }, (_, i) => i % 4), size = { width: 9, height: 7 };
    return [
      ...GOLDEN.filter(isPng),
      await pngOf({ ...size, color: COLOR.gray, depth: 2, interlaced: true }, adam7(gray, 9, 2)),
      await pngOf({ width: 3, height: 2, color: COLOR.rgb, depth: 16 }, new Uint8Array(36)),
      await pngOf({ width: 2, height: 2, color: COLOR.gray, transparency: [0, 1] }, [1, 2, 3, 4]),
      await pngOf(
        { width: 4, height: 1, color: COLOR.palette, palette: [1, 2, 3, 4, 5, 6] },
        [0, 1, 1, 0],
      ),
    ];
  },
  read,
};

/** JPEG. */
export const JPEG: Format = {
  name: "jpeg",
  seeds: () => Promise.resolve(GOLDEN.filter((bytes) => !isPng(bytes))),
  read,
};

/** Pictures of all formats, by `sharp`. */
export const BY_SHARP: Format = {
  name: "sharp",
  async seeds() {
    const others = transforms.files.filter(({ name }) => /WebP|GIF|TIFF/.test(name));
    return await loadSharp() ? [...others.map(({ file }) => bytesOf(file)), ...GOLDEN] : [];
  },
  async read(bytes) {
    const size = { height: 4, width: 4, channels: 3 };
    const image = await makeImage("a", bytes, { size }, await loadSharp());
    expect(image.length === 4 * 4 * 3, `${image.length} bytes`);
  },
};

const TABLES = [
  "path,label,split\na.png,cat,train\nb.png,dog,train\nc.png,cat,test\nd.png,dog,test\n",
  "file;class\n1.jpg;0\n2.jpg;1\n3.jpg;0\n4.jpg;1\n",
  'image\tlabel\n"a b.png"\t"x ""y"""\nb.png\tz\nc.png\tz\n"d.png"\t"x ""y"""\n',
];

/** Tables of pictures. */
export const TABLE: Format = {
  name: "tables",
  seeds: () => Promise.resolve(TABLES.map((text) => new TextEncoder().encode(text))),
  async read(bytes, folder) {
    const path = `${folder}/table.csv`;
    await Deno.writeFile(path, bytes);
    const { classNames, train, test, validation } = await listPlace(path, {
      held: { share: 0.5, seed: 0 },
    });
    expect(classNames.length > 1 && new Set(classNames).size === classNames.length, "classes");
    for (const { label } of [...train, ...test, ...validation]) {
      expect(classNames[label] !== undefined, `label ${label} of ${classNames.length}`);
    }
  },
};

/** Tables of pictures with numbers. */
export const NUMBER_TABLE: Format = {
  name: "number-tables",
  seeds: () =>
    Promise.resolve([
      "path,x,y,split\na.png,0.5,1,train\nb.png,-1e3,2,train\nc.png,0,3,test\n",
      "path\tx\ty\na.png\t0.5\t1\nb.png\t7\t2\nc.png\t0\t3\nd.png\t1\t1\n",
    ].map((text) => new TextEncoder().encode(text))),
  async read(bytes, folder) {
    const path = `${folder}/table.csv`;
    await Deno.writeFile(path, bytes);
    const { train, test, validation } = await listPlace(path, {
      held: { share: 0.5, seed: 0 },
      columns: { numbers: ["x", "y"] },
    });
    for (const { numbers } of [...train, ...test, ...validation]) {
      expect(
        numbers?.length === 2 && numbers.every((each) => Number.isFinite(Math.fround(each))),
        `numbers ${numbers}`,
      );
    }
  },
};

const SIZE = { height: 2, width: 2, channels: 3 }, DIGEST = 32;

/** A file of the cache with the checksum that it should have. */
async function withDigest(bytes: Bytes): Promise<Bytes> {
  if (bytes.length < DIGEST) return bytes;
  const copy = bytes.slice(), body = copy.subarray(0, -DIGEST);
  copy.set(new Uint8Array(await crypto.subtle.digest("SHA-256", body)), body.length);
  return copy;
}

/** The cache of decoded pictures: a damaged file is one that is not there. */
export const CACHE: Format = {
  name: "picture-cache",
  reseal: withDigest,
  async seeds() {
    const folder = await Deno.makeTempDir(), path = `${folder}/a`;
    try {
      const images = new Uint8Array(24).map((_, i) => i), faults = new Map([[1, "b: damaged"]]);
      await writeCached(path, { images, faults });
      return [await Deno.readFile(path)];
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
  async read(bytes, folder) {
    const path = `${folder}/cached`;
    await Deno.writeFile(path, bytes);
    const found = await readCached(path, 3, SIZE);
    if (!found) throw new Wrong("there is no file");
    if ("damage" in found) throw new TaskError(found.damage);
    const { images, faults } = found;
    expect(
      images.length === (3 - faults.size) * 12,
      `${images.length} bytes, ${faults.size} faults`,
    );
    for (const [at, fault] of faults) {
      expect(at >= 0 && at < 3 && typeof fault === "string", "fault");
    }
  },
};
