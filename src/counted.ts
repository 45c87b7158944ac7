/**
 * Counts as text.
 *
 * @module
 */

/** A number with separators of thousands, such as `1,247`; with decimals below ten. */
export const grouped = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });

/** The noun of a count: `run` of 1, else `runs`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  count === 1 ? one : many;

/** `1 run`, `2 runs`, `1,247 runs`. */
export const counted = (count: number, one: string, many?: string): string =>
  `${grouped(count)} ${plural(count, one, many)}`;
