/**
 * Which elements of a tensor are printed, and how numbers are formatted: NumPy's rules.
 *
 * @module
 */
import { type Shape, stridesOf } from "../shape.ts";
import type { Data } from "../host_data.ts";
import type { Tuple } from "../tuple.ts";

/** A tensor as plain data. */
export interface Shown {
  /** Type and shape, such as `f32[2, 3]`. */
  readonly spec: string;
  /** The sizes of the axes. */
  readonly shape: Shape;
  /** The elements, or a short text on why they are not in host memory. */
  readonly elements: Data | string;
}

/** An axis longer than this is abbreviated to its ends. */
const MOST = 6;

/** How many elements are printed at each end of a long axis. */
const END = MOST / 2;

/** Digits after the point, at most. */
const DIGITS = 4;

/** The mark for the elements left out. */
export const GAP = "…";

/** The indices of an axis that are printed; undefined marks those left out between its ends. */
export function shownIndices(size: number): readonly (number | undefined)[] {
  if (size <= MOST) return Array.from({ length: size }, (_, i) => i);
  const first = Array.from({ length: END }, (_, i) => i);
  return [...first, undefined, ...first.map((i) => size - END + i)];
}

/** The printed elements as texts of one width, nested like the tensor. */
export type Cells = string | readonly Cells[];

/** Pads texts to one width, with decimal points in one column. */
function aligned(texts: readonly string[]): (text: string) => string {
  const fraction = (text: string) => text.includes(".") ? text.length - text.indexOf(".") : 0;
  const most = Math.max(...texts.map(fraction));
  const filled = (text: string) =>
    text.includes(".") ? text + " ".repeat(most - fraction(text)) : text;
  const width = Math.max(...texts.map((text) => filled(text).length));
  return (text) => filled(text).padStart(width);
}

const withoutZeros = (digits: string): string => digits.replace(/0+$/, "");

/** 1234.5 as `1234.5`, 2 as `2.`. */
const plain = (x: number): string => withoutZeros(x.toFixed(DIGITS));

/** 0.00012 as `1.2e-04`, with as many digits after the point as asked for. */
const scientific = (digits: number) => (x: number): string => {
  const [mantissa, exponent] = x.toExponential(digits).split("e") as Tuple<string, 2>;
  const power = exponent.slice(1).padStart(2, "0");
  return `${mantissa}${digits === 0 ? "." : ""}e${exponent[0]}${power}`;
};

const special = (x: number): string => Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";

/** The number format for floats of which `values` are printed. */
function floatText(values: readonly number[]): (x: number) => string {
  const sizes = values.filter((x) => Number.isFinite(x) && x !== 0).map(Math.abs);
  const most = Math.max(...sizes), least = Math.min(...sizes);
  const wide = sizes.length > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1e3);
  const used = (x: number) => withoutZeros(x.toExponential(DIGITS).split("e")[0]!).length - 2;
  const digits = Math.max(0, ...values.filter(Number.isFinite).map((x) => used(Math.abs(x))));
  const text = wide ? scientific(digits) : plain;
  return (x) => Number.isFinite(x) ? text(x) : special(x);
}

/** The elements that are printed, as texts of one width. */
export function formatCells(data: Data, shape: Shape): Cells {
  const strides = stridesOf(shape), values: number[] = [];
  const collect = (axis: number, at: number): void => {
    if (axis === shape.length) return void values.push(data[at]!);
    for (const i of shownIndices(shape[axis]!)) {
      if (i !== undefined) collect(axis + 1, at + i * strides[axis]!);
    }
  };
  collect(0, 0);
  const text = data instanceof Float32Array ? floatText(values) : String;
  const fit = aligned(values.map(text));
  const cells = (axis: number, at: number): Cells =>
    axis === shape.length
      ? fit(text(data[at]!))
      : shownIndices(shape[axis]!).map((i) =>
        i === undefined ? GAP : cells(axis + 1, at + i * strides[axis]!)
      );
  return cells(0, 0);
}
