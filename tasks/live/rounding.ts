/**
 * Rounding numbers to five significant digits, which is all that a page can show.
 *
 * @module
 */

/** A number rounded to five significant digits; an integer as it is. */
export const short = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(5));

/** A row with its numbers rounded. */
export const shortRow = <T extends { readonly [K in keyof T]: number }>(row: T): T =>
  Object.fromEntries(
    Object.entries<number>(row).map(([name, value]) => [name, short(value)]),
  ) as T;
