/**
 * The segments of a JPEG file (ITU-T T.81): tables, the frame, and the headers of scans.
 *
 * @module
 */
import { readOrientation } from "../exif.ts";
import { type HuffmanTable, huffmanTable } from "./huffman.ts";

/** A component of a frame: luma, chroma, an ink. */
export interface Component {
  readonly id: number;
  /** Its sampling factors, across and down. */
  readonly h: number;
  readonly v: number;
  /** The index of its quantization table. */
  readonly table: number;
}

/** A frame. */
export interface Frame {
  readonly progressive: boolean;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** The largest `h` and `v` of the components. */
  readonly maxH: number;
  readonly maxV: number;
}

/** The header of a scan. */
export interface Scan {
  readonly components: readonly {
    /** Its index in the frame. */
    readonly index: number;
    readonly dc: HuffmanTable | undefined;
    readonly ac: HuffmanTable | undefined;
  }[];
  /** The coefficients in it, in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** The lowest bit known before and after the scan (successive approximation); 0 before for none. */
  readonly high: number;
  readonly low: number;
}

/** The state from all segments before a scan. */
export interface Tables {
  readonly quantization: (Uint16Array | undefined)[];
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
  /** MCUs from one restart marker to the next; 0 for none. */
  restart: number;
  /** EXIF's orientation. */
  orientation: number;
  /** Whether there is a JFIF header. */
  jfif: boolean;
  /** The color transform of Adobe's header; undefined if there is none. */
  adobe?: number;
}

/** Tables before anything is read. */
export const noTables = (): Tables => ({
  quantization: [],
  dc: [],
  ac: [],
  restart: 0,
  orientation: 1,
  jfif: false,
});

/** The row-major indices of the coefficients in the order in which they are stored. */
export const ZIGZAG = Uint8Array.from(
  Array.from({ length: 64 }, (_, i) => [i >> 3, i & 7] as const)
    .sort(([y, x], [row, column]) =>
      (y + x) - (row + column) || ((y + x) % 2 === 0 ? row - y : y - row)
    )
    .map(([y, x]) => 8 * y + x),
);

const text = (body: Uint8Array, length: number) => String.fromCharCode(...body.subarray(0, length));

const word = (body: Uint8Array, at: number): number => (body[at] ?? 0) << 8 | (body[at + 1] ?? 0);

function readQuantization(body: Uint8Array, { quantization }: Tables): void {
  for (let at = 0; at < body.length;) {
    const spec = body[at++]!, wide = spec >> 4, table = new Uint16Array(64);
    for (const place of ZIGZAG) {
      table[place] = wide ? word(body, at) : body[at] ?? 0;
      at += wide ? 2 : 1;
    }
    quantization[spec & 15] = table;
  }
}

function readHuffman(body: Uint8Array, tables: Tables): void {
  for (let at = 0; at + 17 <= body.length;) {
    const spec = body[at]!, counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const table = huffmanTable(counts, body.subarray(at + 17, at + 17 + total));
    (spec >> 4 ? tables.ac : tables.dc)[spec & 15] = table;
    at += 17 + total;
  }
}

/** Reads a segment that is neither a frame nor a scan; unknown ones are skipped. */
export function readSegment(marker: number, body: Uint8Array, tables: Tables): void {
  switch (marker) {
    case 0xdb:
      return readQuantization(body, tables);
    case 0xc4:
      return readHuffman(body, tables);
    case 0xdd:
      tables.restart = word(body, 0);
      return;
    case 0xe0:
      if (text(body, 5) === "JFIF\0") tables.jfif = true;
      return;
    case 0xe1:
      if (text(body, 6) === "Exif\0\0") tables.orientation = readOrientation(body.subarray(6));
      return;
    case 0xee:
      if (text(body, 5) === "Adobe" && body.length >= 12) tables.adobe = body[11]!;
  }
}

/** Unsupported kinds of JPEG, which hardly any program writes. */
const UNUSUAL: Readonly<Record<number, string>> = {
  0xc3: "a lossless one",
  0xc5: "a hierarchical one",
  0xc6: "a hierarchical one",
  0xc7: "a hierarchical one",
  0xc9: "an arithmetic-coded one",
  0xca: "an arithmetic-coded one",
  0xcb: "a lossless one",
  0xcd: "a hierarchical one",
  0xce: "a hierarchical one",
  0xcf: "a hierarchical one",
  0xf7: "a lossless one (JPEG-LS)",
};

/** Whether a marker begins a frame. */
export const beginsFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xc2 || marker in UNUSUAL;

/** A JPEG of an unsupported kind. */
export class KindError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "KindError";
}

/**
 * Reads a frame's header.
 *
 * @param lines Its height, if the header leaves it to a later segment.
 */
export function readFrame(marker: number, body: Uint8Array, lines: () => number): Frame {
  const precision = body[0] ?? 0, count = body[5] ?? 0;
  const kind = UNUSUAL[marker] ??
    (precision === 8 ? undefined : `one of ${precision} bits per sample`);
  if (kind) throw new KindError(`expected a baseline or progressive JPEG, found ${kind}`);
  if (body.length < 6 + 3 * count) throw new Error("its frame's header is cut off");
  if (![1, 3, 4].includes(count)) {
    throw new KindError(`expected a JPEG of 1, 3 or 4 components, found one of ${count}`);
  }
  const components = Array.from({ length: count }, (_, i): Component => {
    const [id, sampling, table] = body.subarray(6 + 3 * i) as unknown as [number, number, number];
    return { id, h: sampling >> 4, v: sampling & 15, table };
  });
  if (components.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) {
    throw new Error("a component is sampled less than once or more than four times");
  }
  const height = word(body, 1) || lines(), width = word(body, 3);
  if (width === 0 || height === 0) throw new Error(`it is ${width} × ${height} pixels large`);
  const maxH = Math.max(...components.map(({ h }) => h));
  const maxV = Math.max(...components.map(({ v }) => v));
  return { progressive: marker === 0xc2, width, height, components, maxH, maxV };
}

/** Reads a scan's header. */
export function readScanHeader(body: Uint8Array, frame: Frame, { dc, ac }: Tables): Scan {
  const count = body[0] ?? 0, after = 1 + 2 * count;
  if (count < 1 || count > 4 || body.length < after + 3) {
    throw new Error("a scan's header is cut off");
  }
  const components = Array.from({ length: count }, (_, i) => {
    const id = body[1 + 2 * i]!, spec = body[2 + 2 * i]!;
    const index = frame.components.findIndex((component) => component.id === id);
    if (index < 0) throw new Error(`a scan is of a component ${id} that the frame does not have`);
    return { index, dc: dc[spec >> 4], ac: ac[spec & 15] };
  });
  const [first, last, bits] = body.subarray(after) as unknown as [number, number, number];
  if (!frame.progressive) return { components, first: 0, last: 63, high: 0, low: 0 };
  if (first > last || last > 63 || (first > 0 && count > 1)) {
    throw new Error(`a scan has the coefficients ${first} to ${last} of ${count} components`);
  }
  return { components, first, last, high: bits >> 4, low: bits & 15 };
}
