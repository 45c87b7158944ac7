/**
 * Pictures from JPEG files (ITU-T T.81): baseline and progressive, Huffman-coded, of 8 bits; gray, color
 * or CMYK.
 *
 * @module
 */
import { checkPixels, checkRoom, createCanvas, type Picture } from "../canvas.ts";
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
  type Tables,
} from "./segments.ts";

export { KindError } from "./segments.ts";

/** Markers: the end, the start of a scan, the number of lines. */
const END = 0xd9, SCAN = 0xda, LINES = 0xdc;

/** The most scans of a picture: programs write about ten, and each takes time however few bytes it has. */
const MOST_SCANS = 200;

/** The body of the segment whose marker is at an offset. */
function bodyAt(bytes: Uint8Array, at: number): Uint8Array {
  const length = (bytes[at + 2] ?? 0) << 8 | (bytes[at + 3] ?? 0), end = at + 2 + length;
  if (length < 2 || end > bytes.length) throw new Error("it ends within a segment: truncated");
  return bytes.subarray(at + 4, end);
}

/** The height of a frame that leaves it to a segment after its first scan. */
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

/** The planes of a frame's components. Throws a SizeError where they take too much memory. */
function createPlanes(frame: Frame, tables: Tables, maxPixels: number | undefined): Plane[] {
  checkPixels(frame, maxPixels);
  const { width, height, channels } = outputSizes(frame);
  checkRoom(frame, planeBytes(frame) + width * height * channels);
  return frame.components.map((component) =>
    createPlane(component, frame, () => {
      const table = tables.quantization[component.table];
      if (!table) throw new Error(`its quantization table ${component.table} is missing`);
      return table;
    })
  );
}

/** Reads the segments and scans of a file into `tables` and the planes of its frame. */
function readPlanes(
  bytes: Uint8Array,
  tables: Tables,
  maxPixels: number | undefined,
): readonly [Frame, readonly Plane[]] {
  let frame: Frame | undefined, planes: Plane[] = [], scans = 0;
  const seen = new Set<number>();
  for (let at = markerFrom(bytes, 2); bytes[at + 1] !== END;) {
    const marker = bytes[at + 1]!, body = bodyAt(bytes, at), after = at + 4 + body.length;
    if (marker !== SCAN) {
      if (beginsFrame(marker)) {
        if (frame) throw new Error("it holds several frames");
        frame = readFrame(marker, body, () => linesAfter(bytes, after));
        planes = createPlanes(frame, tables, maxPixels);
      } else readSegment(marker, body, tables);
      at = markerFrom(bytes, after);
      continue;
    }
    if (!frame) throw new Error("a scan comes before its frame");
    if (++scans > MOST_SCANS) throw new Error(`it has more than ${MOST_SCANS} scans`);
    const scan = readScanHeader(body, frame, tables);
    const end = readScan(bytes, after, frame, scan, tables, planes);
    scan.components.forEach(({ index }) => seen.add(index));
    // Some cameras leave out the end marker; then the file is complete if no component is missing.
    if (end === undefined && !frame.progressive) break;
    at = end ?? markerFrom(bytes, bytes.length);
  }
  if (!frame || seen.size === 0) throw new Error("it holds no picture");
  if (seen.size < planes.length) throw new Error("a part of its colors is missing: truncated");
  return [frame, planes];
}

/** The picture in a JPEG file. Throws on a file that is damaged, of an unsupported kind, or too large. */
export function decodeJpeg(bytes: Uint8Array, maxPixels?: number): Picture {
  const tables = noTables(), [frame, planes] = readPlanes(bytes, tables, maxPixels);
  planes.forEach((plane) => plane.finish());
  const sizes = outputSizes(frame);
  const pixels = new Uint8Array(sizes.width * sizes.height * sizes.channels);
  const { put, picture } = createCanvas(sizes, tables.orientation, pixels);
  const row = colorRows(planes, frame, tables);
  for (let y = 0; y < sizes.height; y++) put(y, row(y).subarray(0, sizes.width * sizes.channels));
  return picture;
}
