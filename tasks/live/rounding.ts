/**
 * Numbers of five digits, which is all that a page can show.
 *
 * @module
 */

/** A number of five digits; an integer as it is. */
export const short = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(5));

/** A row of such numbers. */
export const shortRow = <T extends { readonly [K in keyof T]: number }>(row: T): T =>
  Object.fromEntries(
    Object.entries<number>(row).map(([name, value]) => [name, short(value)]),
  ) as T;
