/**
 * The chunks of a PNG file, and its header.
 *
 * @module
 */
import { crc32 } from "../../src/data/files/crc32.ts";

/** A chunk. */
export interface Chunk {
  readonly name: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Bytes before the first chunk, and bytes of a chunk beside its body. */
const SIGNATURE = 8, FRAME = 12;

/** The critical chunks of the format, without which a picture cannot be shown. */
const CRITICAL = ["IHDR", "PLTE", "IDAT", "IEND"];

/** Whether a reader that does not know a chunk may leave it out: its name begins with a small letter. */
const isOptional = (name: string): boolean => /^[a-z]/.test(name);

/** Throws where a chunk may not follow those before it. */
function checkOrder(name: string, before: readonly Chunk[]): void {
  const seen = before.some((chunk) => chunk.name === name), last = before.at(-1)?.name;
  if (name === "IHDR" && before.length > 0) throw new Error("it has a second header");
  if (name === "PLTE" && seen) throw new Error("it has a second palette");
  if (name === "PLTE" && before.some((chunk) => chunk.name === "IDAT")) {
    throw new Error("its palette comes after its pixels");
  }
  if (name === "IDAT" && seen && last !== "IDAT") {
    throw new Error(`its pixels are interrupted by a chunk ${last}`);
  }
  if (!isOptional(name) && !CRITICAL.includes(name) && name !== APPLE) {
    throw new Error(`it has a chunk ${JSON.stringify(name)}, which the format does not have`);
  }
}

/** The first chunk of Apple's variant. */
const APPLE = "CgBI";

/** Throws unless a chunk has the checksum that its frame says. */
function checkSum(view: DataView, bytes: Uint8Array, at: number, end: number, name: string): void {
  if (crc32(bytes.subarray(at + 4, end - 4)) === view.getUint32(end - 4)) return;
  throw new Error(`its chunk ${name} has another checksum than it should have`);
}

/** All chunks up to IEND. Throws on a file that ends earlier, on wrong checksums, and on chunks out of order. */
export function readChunks(bytes: Uint8Array<ArrayBuffer>): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + FRAME <= bytes.length;) {
    const length = view.getUint32(at), end = at + FRAME + length;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    checkOrder(name, chunks);
    if (end > bytes.length) throw new Error(`it ends within its chunk ${name}: truncated`);
    checkSum(view, bytes, at, end, name);
    chunks.push({ name, body: bytes.subarray(at + 8, at + 8 + length) });
    if (name === "IEND") return chunks;
    at = end;
  }
  throw new Error("it ends before its chunk IEND: truncated");
}

/** The body of the chunk of a name, if there is one. */
export const findChunk = (chunks: readonly Chunk[], name: string): Chunk["body"] | undefined =>
  chunks.find((chunk) => chunk.name === name)?.body;

/** Color types by their numbers in the header: stored samples per pixel, and the bit depths allowed. */
const COLORS = {
  0: { color: "gray", stored: 1, depths: [1, 2, 4, 8, 16] },
  2: { color: "rgb", stored: 3, depths: [8, 16] },
  3: { color: "palette", stored: 1, depths: [1, 2, 4, 8] },
  4: { color: "grayAlpha", stored: 2, depths: [8, 16] },
  6: { color: "rgbAlpha", stored: 4, depths: [8, 16] },
} as const;

/** The header of a PNG. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly color: (typeof COLORS)[keyof typeof COLORS]["color"];
  /** Stored samples per pixel. */
  readonly stored: number;
  /** Bits per sample. */
  readonly depth: number;
  /** Bits per stored pixel. */
  readonly bits: number;
  /** Whether it is interlaced by Adam7. */
  readonly interlaced: boolean;
}

/** The header of a PNG from the first bytes of its file. Throws where it is missing or invalid. */
export function readPngHeader(bytes: Uint8Array<ArrayBuffer>): PngHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < SIGNATURE + FRAME ? 0 : view.getUint32(SIGNATURE);
  const name = String.fromCharCode(...bytes.subarray(SIGNATURE + 4, SIGNATURE + 8));
  return readHeader([{ name, body: bytes.subarray(SIGNATURE + 8, SIGNATURE + 8 + length) }]);
}

/** Reads IHDR. Throws where it is missing or invalid. */
export function readHeader([first]: readonly Chunk[]): PngHeader {
  if (first?.name === APPLE) {
    throw new Error("it is Apple's own variant of PNG; save it as an ordinary one");
  }
  if (first?.name !== "IHDR" || first.body.length !== 13) throw new Error("it has no header");
  const { buffer, byteOffset, byteLength } = first.body;
  const view = new DataView(buffer, byteOffset, byteLength);
  const width = view.getUint32(0), height = view.getUint32(4);
  if (width === 0 || height === 0) throw new Error(`it is ${width} × ${height} pixels large`);
  const [depth, type, compression, filter, interlacing] = [8, 9, 10, 11, 12].map((at) =>
    view.getUint8(at)
  ) as [number, number, number, number, number];
  const { color, stored, depths } = COLORS[type as keyof typeof COLORS] ??
    { color: "gray", stored: 1, depths: [] };
  if (
    !(depths as readonly number[]).includes(depth) || compression + filter > 0 || interlacing > 1
  ) {
    throw new Error(
      `its header says color type ${type} of ${depth} bits, compression ${compression}, ` +
        `filter ${filter}, interlacing ${interlacing}, which the format does not have`,
    );
  }
  return {
    width,
    height,
    color,
    stored,
    depth,
    bits: stored * depth,
    interlaced: interlacing === 1,
  };
}
