/**
 * Numbers as text.
 *
 * @module
 */

export { counted, grouped } from "../../src/counted.ts";

/** The text for a missing number. */
export const NONE = "–";

/** A number with a fixed count of decimals and a true minus sign. */
export const fixed = (value: number, digits: number): string =>
  value.toFixed(digits).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");

/** A number with its sign, plus included: `+0.31`, `−2.70`, `0.00`. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return /^[−0.]+$/.test(text) || text.startsWith("−") ? text : `+${text}`;
}

/** `48.3 s`, `12 min 30 s`, `3 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${fixed(seconds, 1)} s`;
  const all = Math.round(seconds), two = (n: number) => String(n).padStart(2, "0");
  if (all < 3600) return `${Math.floor(all / 60)} min ${two(all % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const UNITS = [[86_400, "days"], [3600, "h"], [60, "min"], [1, "s"]] as const;

/** Seconds as text with two digits, as a forecast has no more: `47 s`, `4.7 min`, `28 h`. */
export function roughly(seconds: number): string {
  const atLeast = Math.max(1, seconds);
  const [size, unit] = UNITS.find(([size]) => atLeast >= 2 * size) ?? [1, "s"];
  return `${Number((atLeast / size).toPrecision(2))} ${unit}`;
}

/** A text with its first letter in upper case. */
export const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
