/**
 * Pictures from PNG files (https://www.w3.org/TR/png-3/), with every color type, bit depth and interlacing.
 *
 * @module
 */
import { type Canvas, checkRoom, createCanvas, type Picture } from "./canvas.ts";
import { readOrientation } from "./exif.ts";
import { type PngHeader, readChunks, readHeader } from "./png_chunks.ts";
import { createSampler } from "./png_samples.ts";
import { unfilter } from "./png_filter.ts";

/** A pass of interlacing: every `step`th pixel from `x` and `y`. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

/** The seven passes of Adam7. */
const INTERLACED: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

/** A reader of decompressed bytes. */
function inflatingReader(parts: readonly Uint8Array<ArrayBuffer>[]) {
  const unpacked = new Blob([...parts]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = unpacked.getReader();
  let part = new Uint8Array(), at = 0;
  return {
    /** Fills an array with the next bytes. */
    async fill(into: Uint8Array): Promise<void> {
      for (let filled = 0; filled < into.length;) {
        if (at === part.length) {
          const { value, done } = await reader.read();
          if (done) throw new Error("its pixels end too early");
          [part, at] = [value, 0];
          continue;
        }
        const taken = part.subarray(at, at + into.length - filled);
        into.set(taken, filled);
        filled += taken.length;
        at += taken.length;
      }
    },
    /** Reads the remaining bytes, which verifies the checksum at the end. */
    async end(): Promise<void> {
      while (!(await reader.read()).done);
    },
  };
}

async function readPixels(
  header: PngHeader,
  parts: readonly Uint8Array<ArrayBuffer>[],
  sample: (row: Uint8Array, count: number) => ArrayLike<number>,
  canvas: Canvas,
): Promise<void> {
  const { width, height, bits, interlaced } = header, reader = inflatingReader(parts);
  for (const { x, y, stepX, stepY } of interlaced ? INTERLACED : WHOLE) {
    const count = Math.ceil((width - x) / stepX);
    if (count <= 0) continue;
    const bytes = Math.ceil(count * bits / 8), apart = Math.max(1, bits >> 3);
    let row = new Uint8Array(1 + bytes), above = new Uint8Array(1 + bytes);
    for (let at = y; at < height; at += stepY) {
      await reader.fill(row);
      unfilter(row, above, apart);
      canvas.put(at, sample(row.subarray(1), count), x, stepX);
      [row, above] = [above, row];
    }
  }
  await reader.end();
}

/** The picture in a PNG file. Rejects on a file that is damaged or too large. */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>): Promise<Picture> {
  const chunks = readChunks(bytes), header = readHeader(chunks);
  const { channels, fine, sample } = createSampler(header, chunks);
  const length = header.width * header.height * channels;
  checkRoom(header, length * (fine ? 4 : 1));
  const exif = chunks.find(({ name }) => name === "eXIf")?.body;
  const pixels = fine ? new Float32Array(length) : new Uint8Array(length);
  const canvas = createCanvas({ ...header, channels }, exif ? readOrientation(exif) : 1, pixels);
  const parts = chunks.filter(({ name }) => name === "IDAT").map(({ body }) => body);
  await readPixels(header, parts, sample, canvas);
  return canvas.picture;
}
