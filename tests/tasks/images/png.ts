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

/** A chunk; its checksum is left at 0, which readers do not look at. */
function chunk(name: string, body: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(body, 8);
  return bytes;
}

/** The numbers of PNG's colour types. */
export const COLOUR = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgbAlpha: 6 } as const;

/** What a PNG says of itself. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly colour: (typeof COLOUR)[keyof typeof COLOUR];
  /** Bits a number; 8 if left out. */
  readonly depth?: number;
  /** Red, green, blue of each entry. */
  readonly palette?: readonly number[];
}

/** A PNG whose rows, unfiltered, are the bytes given. */
export async function pngOf(header: PngHeader, bytes: ArrayLike<number>) {
  const { width, height, colour, depth = 8, palette } = header;
  const row = bytes.length / height, rows = new Uint8Array(height * (row + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < row; x++) rows[y * (row + 1) + 1 + x] = bytes[y * row + x];
  }
  const sizes = new Uint8Array(13), view = new DataView(sizes.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  sizes.set([depth, colour], 8);
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", sizes),
    ...(palette ? [chunk("PLTE", palette)] : []),
    chunk("IDAT", await deflated(rows)),
    chunk("IEND", []),
  ];
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
