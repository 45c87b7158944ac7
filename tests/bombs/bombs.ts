/**
 * Small files that claim, or become, gigabytes.
 *
 * @module
 */
import { constants, crc32, deflateRawSync } from "node:zlib";
import { concatBytes } from "../../src/host_data.ts";
import { idx, tar } from "../data/fixtures.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export const joined = (...parts: readonly Uint8Array[]): Bytes => concatBytes(parts);

const part = (bytes: Uint8Array) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });

/** Zeros that a repeated piece of a stream becomes. */
const PIECE = 2 ** 24, ZEROS = part(new Uint8Array(PIECE));

/** A stream of deflate that becomes some bytes, then so many bytes of zeros. */
export const deflatedBomb = (first: Uint8Array, zeros: number): Bytes =>
  joined(
    part(first),
    ...Array.from({ length: Math.ceil(zeros / PIECE) }, () => ZEROS),
    Uint8Array.of(3, 0),
  );

/** A gzip file of it, whose checksum is wrong: it must never be reached. */
export const gzipBomb = (first: Uint8Array, zeros: number): Bytes =>
  joined(
    Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3),
    deflatedBomb(first, zeros),
    new Uint8Array(8),
  );

/** A zlib stream of it. */
export const zlibBomb = (first: Uint8Array, zeros: number): Bytes =>
  joined(Uint8Array.of(0x78, 0x9c), deflatedBomb(first, zeros), new Uint8Array(4));

/** The header of an IDX file. */
export const idxHeader = (magic: number, ...sizes: number[]): Uint8Array => idx(magic, sizes, []);

/** What a ZIP archive says of its file. */
export interface Lies {
  readonly size: number;
  readonly packed?: number;
  readonly crc?: number;
}

/** A ZIP archive of one deflated file. */
export function zipOf(path: string, body: Uint8Array, { size, packed, crc = 0 }: Lies): Bytes {
  const name = new TextEncoder().encode(path);
  const record = (length: number, magic: number, shift: number) => {
    const view = new DataView(new ArrayBuffer(length));
    view.setUint32(0, magic, true);
    view.setUint16(8 + shift, 8, true);
    view.setUint32(14 + shift, crc, true);
    view.setUint32(18 + shift, packed ?? body.length, true);
    view.setUint32(22 + shift, size, true);
    view.setUint16(26 + shift, name.length, true);
    return new Uint8Array(view.buffer);
  };
  const local = joined(record(30, 0x04034b50, 0), name, body);
  const central = joined(record(46, 0x02014b50, 2), name);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, 1, true);
  end.setUint16(10, 1, true);
  end.setUint32(12, central.length, true);
  end.setUint32(16, local.length, true);
  return joined(local, central, new Uint8Array(end.buffer));
}

/** A tar archive whose only file claims a size, with a right checksum of its header. */
export function tarClaiming(path: string, size: number): Uint8Array {
  const header = tar({ [path]: new Uint8Array() }).slice(0, 512), text = new TextEncoder();
  header.set(text.encode(size.toString(8).padStart(11, "0")), 124);
  header.set(text.encode(" ".repeat(8)), 148);
  const sum = header.reduce((sum, byte) => sum + byte);
  header.set(text.encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return header;
}

/** A chunk of a PNG. */
export function pngChunk(name: string, body: Uint8Array, sumOff = 0): Bytes {
  const bytes = new Uint8Array(12 + body.length), view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, (crc32(bytes.subarray(4, -4)) ^ sumOff) >>> 0);
  return bytes;
}

/** The header of a PNG. */
export function pngHeader(
  width: number,
  height: number,
  { depth = 8, color = 2, interlaced = 0 } = {},
): Bytes {
  const body = new Uint8Array(13), view = new DataView(body.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  body.set([depth, color, 0, 0, interlaced], 8);
  return pngChunk("IHDR", body);
}

/** A PNG of chunks. */
export const pngFile = (...chunks: readonly Uint8Array[]): Bytes =>
  joined(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), ...chunks);
