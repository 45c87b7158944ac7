/**
 * Encoding and decoding of the strings that describe a model. Each decoder throws a {@linkcode TaskError}
 * that says what was expected.
 *
 * @module
 */
import { closestString } from "../../src/closest_string.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { show } from "../schema/mismatch.ts";
import { fitsFloat32 } from "../cli/range.ts";

/** Numbers as base64 of their little-endian bytes. */
export function encodeNumbers(numbers: Float32Array<ArrayBuffer>): string {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setFloat32(4 * i, number, true));
  return new Uint8Array(view.buffer).toBase64();
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

/** `count` numbers from their base64. Errors name the field `mean`. */
export function decodeNumbers(text: string, count: number): Float32Array<ArrayBuffer> {
  const bytes = decodeBytes(text);
  if (bytes?.length !== 4 * count) {
    throw new TaskError(
      `mean: expected ${4 * count} bytes in base64, found ${bytes?.length ?? "another text"}`,
    );
  }
  const view = new DataView(bytes.buffer);
  const numbers = Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  if (numbers.every(Number.isFinite)) return numbers;
  throw new TaskError("mean: expected finite numbers, found others");
}

/** A text of a file on one line, as it is where it is short and plain. */
const oneLine = (text: string): string =>
  text === "" ? "nothing" : /^[\x20-\x7e]{1,60}$/.test(text) ? text : show(text);

/** One of several texts. */
export function choice<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === text);
  if (found) return found;
  const near = closestString(text, choices);
  throw new TaskError(
    `${name}: expected one of ${choices.join(", ")}, found ${oneLine(text)}` +
      (near ? `; did you mean ${near}?` : ""),
  );
}

function number(name: string, text: string, fits: (value: number) => boolean, what: string) {
  const value = text.trim() === "" ? NaN : Number(text);
  if (fits(value)) return value;
  throw new TaskError(`${name}: expected ${what}, found ${oneLine(text)}`);
}

/** An integer above 0, up to a greatest one. */
export const integerTo = (most: number) => (name: string, text: string): number =>
  number(
    name,
    text,
    (n) => Number.isSafeInteger(n) && n >= 1 && n <= most,
    `an integer from 1 to ${most}`,
  );

/** An integer above 0. */
export const integer = integerTo(Number.MAX_SAFE_INTEGER);

/** A number above 0. */
export const positive = (name: string, text: string): number =>
  number(name, text, (n) => fitsFloat32(n, { above: 0 }), "a number above 0");

/** A dropout rate. */
export const rate = (name: string, text: string): number =>
  number(
    name,
    text,
    (n) => fitsFloat32(n, { from: 0, below: 1 }),
    "a rate from 0 to below 1",
  );

/** The size of an image from a text such as `32x32x3`. */
export function parseSizes(text: string): ImageSize {
  const sizes = text.split(/[x×]/).map(Number);
  const fits = sizes.length === 3 && sizes.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (fits && [1, 3].includes(sizes[2]!)) {
    return { height: sizes[0]!, width: sizes[1]!, channels: sizes[2]! };
  }
  throw new TaskError(
    `input: expected HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, such as 32x32x3, found ${
      oneLine(text)
    }`,
  );
}

/** Class names from a list in JSON. */
export function parseNames(text: string): readonly string[] {
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch {
    names = undefined;
  }
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  throw new TaskError(`classNames: expected a list of texts in JSON, found ${show(text)}`);
}
