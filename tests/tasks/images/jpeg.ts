/**
 * JPEG files made without a package, for tests.
 *
 * @module
 */

const segment = (marker: number, ...body: number[]): number[] => {
  const length = body.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...body];
};
const START = [0xff, 0xd8], END = [0xff, 0xd9];

/** The header of a frame. */
const frame = (width: number, height: number, components: number, marker = 0xc0, bits = 8) =>
  segment(
    marker,
    bits,
    height >> 8,
    height & 0xff,
    width >> 8,
    width & 0xff,
    components,
    ...Array.from({ length: components }, (_, i) => [i + 1, 0x11, 0]).flat(),
  );

/** A gray JPEG of one color, 128, whose every block takes two bits. */
export function flatJpeg(width: number, height: number): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const one = [1, ...new Array<number>(15).fill(0), 0];
  const head = [
    ...START,
    ...segment(0xdb, 0, ...new Array<number>(64).fill(1)),
    ...frame(width, height, 1),
    ...segment(0xc4, 0x00, ...one),
    ...segment(0xc4, 0x10, ...one),
    ...segment(0xda, 1, 1, 0, 0, 63, 0),
  ];
  const bytes = new Uint8Array(head.length + Math.ceil(blocks / 4) + 2);
  bytes.set(head);
  bytes.set(END, bytes.length - 2);
  return bytes;
}

/** A JPEG that is nothing but a frame's header. */
export const headOnly = (
  width: number,
  height: number,
  components: number,
  marker = 0xc0,
  bits = 8,
) => Uint8Array.of(...START, ...frame(width, height, components, marker, bits), ...END);

/** A JPEG with a segment put in front. */
export function withSegment(bytes: Uint8Array, marker: number, body: ArrayLike<number>) {
  return Uint8Array.of(...START, ...segment(marker, ...Array.from(body)), ...bytes.subarray(2));
}
