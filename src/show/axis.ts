/**
 * Axes of drawings: where numbers lie between the ends, and the numbers written beside.
 *
 * @module
 */

/** An axis. */
export interface Axis {
  /** Where a number lies, from 0 at one end to 1 at the other. */
  at(value: number): number;
  /** The numbers to write. */
  readonly ticks: readonly number[];
  /** A tick as it is written. */
  write(tick: number): string;
}

/** The numbers beside an upright axis and below a level one, about. */
const UPRIGHT = 5, LEVEL = 8;

/** Rounds away the errors of float arithmetic. */
const rounded = (value: number): number => Number(value.toPrecision(9));

/** The least round step of which a range has no more than so many. */
function roundStep(range: number, most: number): number {
  const rough = range / most, unit = 10 ** Math.floor(Math.log10(rough));
  return unit * [1, 2, 5, 10].find((n) => n * unit >= rough)!;
}

const between = (low: number, high: number, step: number): number[] =>
  Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => rounded(low + i * step));

function plain(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential() : String(value);
}

/** An axis from a round number below the least value to one above the greatest. */
export function linearAxis(least: number, greatest: number): Axis {
  const step = roundStep((greatest - least) || Math.abs(greatest) || 1, UPRIGHT);
  const first = Math.floor(least / step), last = Math.max(first + 1, Math.ceil(greatest / step));
  const low = first * step, high = last * step;
  return {
    at: (value) => (value - low) / (high - low),
    ticks: between(low, high, step),
    write: plain,
  };
}

/** An axis of integers that ends at the first and at the last. */
export function integerAxis(first: number, last: number): Axis {
  const end = Math.max(last, first + 1), step = Math.max(1, roundStep(end - first, LEVEL));
  const from = Math.ceil(first / step) * step, to = Math.floor(end / step) * step;
  return {
    at: (value) => (value - first) / (end - first),
    ticks: from <= to ? between(from, to, step) : [],
    write: String,
  };
}

const DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten: 10⁻³, 1, 10². */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  const digits = [...String(Math.abs(exponent))].map((digit) => DIGITS[Number(digit)]).join("");
  return exponent === 0 ? "1" : `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** How far, in powers of ten, a line may leave the axis before that is made longer. */
const SLACK = 1e-3;

/** An axis of powers of ten, for positive numbers. */
export function logAxis(least: number, greatest: number): Axis {
  const high = Math.ceil(Math.log10(greatest) - SLACK);
  const range = Math.max(1, high - Math.floor(Math.log10(least) + SLACK));
  const step = Math.ceil(range / UPRIGHT), low = high - Math.ceil(range / step) * step;
  return {
    at: (value) => (Math.log10(value) - low) / (high - low),
    ticks: between(low, high, step).map((exponent) => Number(`1e${exponent}`)),
    write: power,
  };
}
