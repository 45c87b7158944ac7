/**
 * Pictures from PNG files (https://www.w3.org/TR/png-3/), with every color type, bit depth and interlacing.
 *
 * @module
 */
import { inflateSync } from "node:zlib";
import { inflating } from "../../src/data/files/inflate.ts";
import { concatBytes } from "../../src/host_data.ts";
import { type Canvas, checkPixels, checkRoom, createCanvas, type Picture } from "./canvas.ts";
import { readOrientation } from "./exif.ts";
import { findChunk, type PngHeader, readChunks, readHeader } from "./png_chunks.ts";
import { createSampler, type Sampler } from "./png_samples.ts";
import { unfilter } from "./png_filter.ts";

/** A pass of interlacing: every `step`th pixel from `x` and `y`. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** The error of a file that has more pixels than its header says. */
const surplus = () => new Error("it has more pixels than its size says");

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

/** The passes of a picture. */
const passesOf = ({ interlaced }: PngHeader): readonly Pass[] => interlaced ? INTERLACED : WHOLE;

/** A reader of decompressed bytes. */
function inflatingReader(parts: readonly Uint8Array<ArrayBuffer>[]) {
  const pieces = inflating(parts, "deflate");
  let part = new Uint8Array(), at = 0;
  /** The next piece that is not empty; undefined at the end. */
  const next = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    for (;;) {
      const { value, done } = await pieces.next().catch(() => {
        throw new Error("its pixels do not decompress");
      });
      if (done) return undefined;
      if (value.length > 0) return value;
    }
  };
  return {
    /** Fills an array with the next bytes. */
    async fill(into: Uint8Array): Promise<void> {
      for (let filled = 0; filled < into.length;) {
        if (at === part.length) {
          const piece = await next();
          if (!piece) throw new Error("its pixels end too early");
          [part, at] = [piece, 0];
        }
        const taken = part.subarray(at, at + into.length - filled);
        into.set(taken, filled);
        filled += taken.length;
        at += taken.length;
      }
    },
    /** Reaches the end, which verifies the checksum there. Throws where there are more bytes. */
    async end(): Promise<void> {
      if (at < part.length || await next()) throw surplus();
    },
    /** Stops decompressing. */
    [Symbol.asyncDispose]: async () => void await pieces.return(undefined),
  };
}

async function readPixels(
  header: PngHeader,
  parts: readonly Uint8Array<ArrayBuffer>[],
  sample: (row: Uint8Array, count: number) => ArrayLike<number>,
  canvas: Canvas,
): Promise<void> {
  const { width, height, bits } = header;
  await using reader = inflatingReader(parts);
  for (const { x, y, stepX, stepY } of passesOf(header)) {
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

/** Bytes that pixels take before they are compressed, each row with its filter. */
const storedBytes = (header: PngHeader): number =>
  passesOf(header).reduce((sum, { x, y, stepX, stepY }) => {
    const across = Math.max(0, Math.ceil((header.width - x) / stepX));
    const down = Math.max(0, Math.ceil((header.height - y) / stepY));
    return across === 0 ? sum : sum + down * (1 + Math.ceil(across * header.bits / 8));
  }, 0);

const partsBytes = (parts: OpenPng["parts"]): number =>
  parts.reduce((sum, { length }) => sum + length, 0);

/** By how much deflate can compress at most. */
const RATIO = 1032;

/** The checked parts of a PNG file before its pixels are read. */
export interface OpenPng {
  readonly header: PngHeader;
  readonly sampler: Sampler;
  readonly exif: Uint8Array | undefined;
  /** Colors in its palette; 0 without one. */
  readonly colors: number;
  /** The compressed pixels. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Checks a PNG file but for its pixels: chunks and their checksums, header, palette, and that it is neither too
 * large nor has too few bytes for its pixels.
 *
 * @throws SizeError on a picture that is too large; Error on a damaged one.
 */
export function openPng(bytes: Uint8Array<ArrayBuffer>, maxPixels?: number): OpenPng {
  const chunks = readChunks(bytes), header = readHeader(chunks);
  checkPixels(header, maxPixels);
  const parts = chunks.filter(({ name }) => name === "IDAT").map(({ body }) => body);
  if (RATIO * partsBytes(parts) < storedBytes(header)) throw new Error("its pixels end too early");
  const exif = findChunk(chunks, "eXIf");
  const colors = (findChunk(chunks, "PLTE")?.length ?? 0) / 3;
  return { header, sampler: createSampler(header, chunks), exif, colors, parts };
}

/** The picture in a PNG file. Rejects on a file that is damaged or too large. */
export async function decodePng(
  bytes: Uint8Array<ArrayBuffer>,
  maxPixels?: number,
): Promise<Picture> {
  const { header, sampler: { channels, fine, sample }, exif, parts } = openPng(bytes, maxPixels);
  const length = header.width * header.height * channels;
  checkRoom(header, length * (fine ? 4 : 1));
  const pixels = fine ? new Float32Array(length) : new Uint8Array(length);
  const canvas = createCanvas({ ...header, channels }, exif ? readOrientation(exif) : 1, pixels);
  await readPixels(header, parts, sample, canvas);
  return canvas.picture;
}

/** What `inflateSync` returns when it is asked for more than the bytes. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** How many bytes pixels become, and how many of theirs a decoder takes for that. */
function inflateAll(pixels: Uint8Array, most: number) {
  try {
    const options = { maxOutputLength: most, info: true };
    const { buffer, engine } = inflateSync(pixels, options) as unknown as Inflated;
    return { bytes: buffer.length, packed: engine.bytesWritten };
  } catch (error) {
    if (error instanceof RangeError) throw surplus();
    throw new Error("its pixels do not decompress");
  }
}

/** Throws unless a PNG file has as many pixels as its header says, for a decoder that does not mind more. */
export function checkStored({ header, parts }: OpenPng): void {
  const stored = storedBytes(header);
  const { bytes, packed } = inflateAll(concatBytes(parts), stored);
  if (bytes < stored) throw new Error("its pixels end too early");
  if (packed < partsBytes(parts)) throw surplus();
}
