/**
 * PNG files made without a package, for tests.
 *
 * @module
 */

/** Bytes by zlib. */
async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** The checksum of a chunk (CRC-32). */
function checksum(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum;
}

/** A chunk. */
function chunk(name: string, body: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(body, 8);
  new DataView(bytes.buffer).setInt32(8 + body.length, checksum(bytes.subarray(4, -4)));
  return bytes;
}

/** The numbers of PNG's color types. */
export const COLOR = { gray: 0, rgb: 2, palette: 3, grayAlpha: 4, rgbAlpha: 6 } as const;

/** What a PNG says of itself. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly color: (typeof COLOR)[keyof typeof COLOR];
  /** Bits a number; 8 if left out. */
  readonly depth?: number;
  /** Red, green, blue of each entry. */
  readonly palette?: readonly number[];
  /** The body of tRNS. */
  readonly transparency?: readonly number[];
  /** The body of eXIf. */
  readonly exif?: ArrayLike<number>;
  /** Whether the rows given are those of Adam7's passes, each with its filter before it. */
  readonly interlaced?: boolean;
}

/** Rows with the filter 0 before each. */
function unfiltered(bytes: ArrayLike<number>, height: number): Uint8Array<ArrayBuffer> {
  const row = bytes.length / height, rows = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < row; x++) rows[y * (row + 1) + 1 + x] = bytes[y * row + x]!;
  }
  return rows;
}

/** A PNG whose rows, unfiltered, are the bytes given. */
export async function pngOf(header: PngHeader, bytes: ArrayLike<number>) {
  const { width, height, color, depth = 8, palette, transparency, exif, interlaced } = header;
  const rows = interlaced ? Uint8Array.from(bytes) : unfiltered(bytes, height);
  const sizes = new Uint8Array(13), view = new DataView(sizes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  sizes.set([depth, color, 0, 0, interlaced ? 1 : 0], 8);
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", sizes),
    ...(palette ? [chunk("PLTE", palette)] : []),
    ...(transparency ? [chunk("tRNS", transparency)] : []),
    ...(exif ? [chunk("eXIf", exif)] : []),
    chunk("IDAT", await deflated(rows)),
    chunk("IEND", []),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Which of the pixels of an image each pass of Adam7 has: the first, and how far they are apart. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [
    0,
    1,
    1,
    2,
  ],
] as const;

/** The rows of Adam7's passes of numbers of so many bits, one a pixel, unfiltered. */
export function adam7(numbers: readonly number[], width: number, depth: 1 | 2 | 4 | 8): number[] {
  const height = numbers.length / width;
  return PASSES.flatMap(([x0, y0, stepX, stepY]) => {
    const rows: number[] = [];
    for (let y = y0; y < height && x0 < width; y += stepY) {
      let bits = "";
      for (let x = x0; x < width; x += stepX) {
        bits += numbers[y * width + x]!.toString(2).padStart(depth, "0");
      }
      rows.push(0);
      for (let at = 0; at < bits.length; at += 8) {
        rows.push(parseInt(bits.slice(at, at + 8).padEnd(8, "0"), 2));
      }
    }
    return rows;
  });
}

/** EXIF data that say nothing but an orientation. */
export function exifOf(orientation: number, { little = true, type = 3 } = {}): Uint8Array {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x112, little);
  view.setUint16(12, type, little);
  view.setUint32(14, 1, little);
  if (type === 3) view.setUint16(18, orientation, little);
  else view.setUint32(18, orientation, little);
  return new Uint8Array(view.buffer);
}
