/**
 * What a JPEG file says of its picture before the first scan.
 *
 * @module
 */
import { markerFrom } from "./huffman.ts";
import { beginsFrame, type Frame, noTables, readFrame, readSegment } from "./segments.ts";

/** The markers of segments that say how a picture is to be shown: EXIF's. */
const SHOWN = 0xe1;

/** The frame of a JPEG file, as stored, and EXIF's orientation. */
export interface JpegHeader extends Pick<Frame, "width" | "height" | "components"> {
  readonly orientation: number;
}

/** The header of a JPEG file; undefined where it is damaged or of an unusual kind. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  const tables = noTables();
  try {
    for (let at = markerFrom(bytes, 2); at + 4 <= bytes.length;) {
      const marker = bytes[at + 1]!, length = bytes[at + 2]! << 8 | bytes[at + 3]!;
      const body = bytes.subarray(at + 4, at + 2 + length);
      if (beginsFrame(marker)) {
        const { width, height, components } = readFrame(marker, body, () => 0);
        return { width, height, components, orientation: tables.orientation };
      }
      if (marker === SHOWN) readSegment(marker, body, tables);
      at = markerFrom(bytes, at + 2 + length);
    }
  } catch {
    // The decoder says what is wrong.
  }
}
