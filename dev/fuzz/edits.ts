/**
 * Edits of a file: each is a kind and three numbers, so that a file that was found is kept as a line.
 *
 * @module
 */
import { concatBytes } from "../../src/host_data.ts";
import type { Draws } from "./draws.ts";
import { editJson } from "./json_edits.ts";

/** The bytes of a file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A kind of edit, and three numbers that say where and how, of any size. */
export type Edit = readonly [kind: EditName, a: number, b: number, c: number];

/** Where a file has JSON: all of it, or a part. */
export interface JsonPart {
  /** The text; undefined where the file no longer has it. */
  read(bytes: Bytes): string | undefined;
  write(bytes: Bytes, text: string): Bytes;
}

/** What edits need besides the file. */
export interface EditSource {
  /** Whole files of the format. */
  readonly seeds: readonly Bytes[];
  readonly json?: JsonPart | undefined;
}

/** Integers at which programs go wrong. */
const NUMBERS = [0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 2 ** 24, 2 ** 31 - 1]
  .concat([2 ** 31, 2 ** 32 - 1, 7, 100]);

/** Numbers as text. */
const TEXTS = ["0", "-1", "1e999", "99999999999999999999", "4294967295", "2147483648", "0.5", "NaN"]
  .concat(["", "00", "7777777777"]);

/** An array of several. */
export const joined = (...parts: readonly Uint8Array[]): Bytes => concatBytes(parts);

/** Overwrites bytes, as many as there is room for. */
function overwritten(bytes: Bytes, at: number, by: Uint8Array): Bytes {
  const copy = bytes.slice();
  copy.set(by.subarray(0, Math.max(0, copy.length - at)), at);
  return copy;
}

/** A number of 1 to 4 bytes, either end first. */
function wordOf(value: number, form: number): Uint8Array {
  const length = [1, 2, 4, 4][form & 3]!, little = (form & 4) > 0;
  const bytes = Uint8Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) & 255);
  return little ? bytes : bytes.reverse();
}

type Apply = (bytes: Bytes, a: number, b: number, c: number, source: EditSource) => Bytes;

const at = (bytes: Bytes, a: number) => bytes.length === 0 ? 0 : a % bytes.length;

const replaceNumber: Apply = (bytes, a, b) => {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 2 ** 16));
  const found = [...text.matchAll(/\d+/g)], match = found[a % Math.max(1, found.length)];
  if (!match) return bytes;
  const by = new TextEncoder().encode(TEXTS[b % TEXTS.length]!);
  const from = match.index, to = from + match[0].length;
  // Half of the time in place, so that fields of a fixed width stay where they are.
  return b & 1024
    ? overwritten(bytes, from, by.subarray(0, to - from))
    : joined(bytes.subarray(0, from), by, bytes.subarray(to));
};

const EDITS = {
  byte: (bytes, a, b) => overwritten(bytes, at(bytes, a), Uint8Array.of(b & 255)),
  header: (bytes, a, b) => overwritten(bytes, at(bytes.subarray(0, 64), a), Uint8Array.of(b & 255)),
  bit: (bytes, a, b) =>
    overwritten(bytes, at(bytes, a), Uint8Array.of((bytes[at(bytes, a)] ?? 0) ^ 1 << (b & 7))),
  truncate: (bytes, a) => bytes.slice(0, at(bytes, a)),
  remove: (bytes, a, b) =>
    joined(bytes.subarray(0, at(bytes, a)), bytes.subarray(at(bytes, a) + 1 + b % 64)),
  insert: (bytes, a, b, c) =>
    joined(
      bytes.subarray(0, at(bytes, a)),
      new Uint8Array(1 + c % 64).fill(b),
      bytes.subarray(at(bytes, a)),
    ),
  append: (bytes, _, b, c) => joined(bytes, new Uint8Array(1 + c % 600).fill(b)),
  copy: (bytes, a, b, c) =>
    overwritten(bytes, at(bytes, b), bytes.slice(at(bytes, a), at(bytes, a) + 1 + c % 64)),
  repeat: (bytes, a, b, c) =>
    joined(
      bytes.subarray(0, at(bytes, a)),
      bytes.subarray(at(bytes, b), at(bytes, b) + 1 + c % 600),
      bytes.subarray(at(bytes, a)),
    ),
  word: (bytes, a, b, c) =>
    overwritten(bytes, at(bytes, a), wordOf(NUMBERS[b % NUMBERS.length]!, c)),
  headerWord: (bytes, a, b, c) =>
    overwritten(
      bytes,
      at(bytes.subarray(0, 64), a),
      wordOf(NUMBERS[b % NUMBERS.length]!, c),
    ),
  splice: (bytes, a, b, c, { seeds }) => {
    const other = seeds[b % seeds.length]!;
    return joined(bytes.subarray(0, at(bytes, a)), other.subarray(at(other, c)));
  },
  number: replaceNumber,
  json: (bytes, a, b, c, { json }) => {
    const text = json?.read(bytes);
    return text === undefined ? bytes : json!.write(bytes, editJson(text, a, b, c));
  },
} as const satisfies Readonly<Record<string, Apply>>;

/** The name of a kind of edit. */
export type EditName = keyof typeof EDITS;

const NAMES = Object.keys(EDITS) as EditName[];

/** One to four edits; half of them are of JSON where a format has some. */
export function drawEdits(draws: Draws, hasJson: boolean): Edit[] {
  return Array.from({ length: 1 + draws.below(4) }, (): Edit => {
    const json = hasJson && draws.below(2) === 0;
    const kind = json ? "json" : NAMES[draws.below(NAMES.length)]!;
    return [kind, draws.word(), draws.word(), draws.word()];
  });
}

/** A file with edits. */
export const edited = (bytes: Bytes, edits: readonly Edit[], source: EditSource): Bytes =>
  edits.reduce((file, [kind, a, b, c]) => EDITS[kind](file, a, b, c, source), bytes);
