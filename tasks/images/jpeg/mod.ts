/**
 * Pictures from JPEG files (ITU-T T.81): baseline and progressive, Huffman-coded, of 8 bits; gray, in
 * colors or in inks.
 *
 * @module
 */
import { checkRoom, createCanvas, type Picture } from "../canvas.ts";
import { colorRows } from "./colors.ts";
import { markerFrom } from "./huffman.ts";
import { createPlane, type Plane, planeBytes } from "./planes.ts";
import { readScan } from "./scan.ts";
import {
  beginsFrame,
  type Frame,
  noTables,
  readFrame,
  readScanHeader,
  readSegment,
} from "./segments.ts";

export { KindError } from "./segments.ts";

/** Markers: the end, the begin of a scan, the number of lines. */
const END = 0xd9, SCAN = 0xda, LINES = 0xdc;

/** The body of the segment whose marker stands at a place. */
function bodyAt(bytes: Uint8Array, at: number): Uint8Array {
  const length = (bytes[at + 2] ?? 0) << 8 | (bytes[at + 3] ?? 0), end = at + 2 + length;
  if (length < 2 || end > bytes.length) throw new Error("it ends within a segment: truncated");
  return bytes.subarray(at + 4, end);
}

/** The height that a frame leaves to a segment behind its first scan. */
function linesAfter(bytes: Uint8Array, from: number): number {
  for (let at = markerFrom(bytes, from); bytes[at + 1] !== END; at = markerFrom(bytes, at + 2)) {
    if (bytes[at + 1] !== LINES) continue;
    const body = bodyAt(bytes, at);
    return body[0]! << 8 | body[1]!;
  }
  return 0;
}

const outputSizes = ({ width, height, components }: Frame) =>
  ({ width, height, channels: components.length === 1 ? 1 : 3 }) as const;

/** The picture in a JPEG file. Throws on one that is damaged, of an unusual kind, or too large. */
export function decodeJpeg(bytes: Uint8Array): Picture {
  const tables = noTables();
  let frame: Frame | undefined, planes: Plane[] = [];
  const seen = new Set<number>();
  for (let at = markerFrom(bytes, 2); bytes[at + 1] !== END;) {
    const marker = bytes[at + 1]!, body = bodyAt(bytes, at), after = at + 4 + body.length;
    if (beginsFrame(marker)) {
      if (frame) throw new Error("it holds several frames");
      const own = frame = readFrame(marker, body, () => linesAfter(bytes, after));
      const { width, height, channels } = outputSizes(own);
      checkRoom(own, planeBytes(own) + width * height * channels);
      planes = own.components.map((component) =>
        createPlane(component, own, () => {
          const table = tables.quantization[component.table];
          if (!table) throw new Error(`its quantization table ${component.table} is missing`);
          return table;
        })
      );
    } else if (marker !== SCAN) readSegment(marker, body, tables);
    if (marker !== SCAN) {
      at = markerFrom(bytes, after);
      continue;
    }
    if (!frame) throw new Error("a scan comes before its frame");
    const scan = readScanHeader(body, frame, tables);
    const end = readScan(bytes, after, frame, scan, tables, planes);
    scan.components.forEach(({ index }) => seen.add(index));
    // Some cameras leave out the end marker; then all is there if no component is missing.
    if (end === undefined && !frame.progressive) break;
    at = end ?? markerFrom(bytes, bytes.length);
  }
  if (!frame || seen.size === 0) throw new Error("it holds no picture");
  if (seen.size < planes.length) throw new Error("a part of its colors is missing: truncated");
  planes.forEach((plane) => plane.finish());
  const sizes = outputSizes(frame);
  const pixels = new Uint8Array(sizes.width * sizes.height * sizes.channels);
  const { put, picture } = createCanvas(sizes, tables.orientation, pixels),
    row = colorRows(planes, frame, tables);
  for (let y = 0; y < sizes.height; y++) put(y, row(y).subarray(0, sizes.width * sizes.channels));
  return picture;
}
