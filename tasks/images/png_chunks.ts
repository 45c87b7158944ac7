/**
 * The chunks of a PNG file, and its header.
 *
 * @module
 */

/** A chunk. */
export interface Chunk {
  readonly name: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Bytes before the first chunk, and bytes of a chunk beside its body. */
const SIGNATURE = 8, FRAME = 12;

/**
 * All chunks up to IEND. Checksums of chunks are not verified: the pixels, which are most of a file, have
 * their own. Throws on a file that ends earlier.
 */
export function readChunks(bytes: Uint8Array<ArrayBuffer>): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; at + FRAME <= bytes.length;) {
    const length = view.getUint32(at), end = at + FRAME + length;
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) throw new Error(`it ends within its chunk ${name}: truncated`);
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

/** Reads IHDR. Throws where it is missing or invalid. */
export function readHeader([first]: readonly Chunk[]): PngHeader {
  if (first?.name === "CgBI") {
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
