/**
 * Lists of a known length.
 *
 * @module
 */

/** `N` elements: what a list is when its length is known, but not to its type. */
export type Tuple<T, N extends number, L extends T[] = []> = number extends N ? T[]
  : L["length"] extends N ? L
  : Tuple<T, N, [...L, T]>;

/** A list that is as long as whoever takes it apart expects, such as the arguments of an op. */
export type Known<T> = readonly T[] & Readonly<Record<0 | 1 | 2 | 3 | 4 | 5, T>>;

/** A list for whoever knows how long it is. */
export const known = <T>(list: readonly T[]): Known<T> => list as Known<T>;
