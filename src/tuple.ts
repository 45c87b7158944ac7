/**
 * Types of lists whose length is known.
 *
 * @module
 */

/** A tuple of `N` elements. */
export type Tuple<T, N extends number, L extends T[] = []> = number extends N ? T[]
  : L["length"] extends N ? L
  : Tuple<T, N, [...L, T]>;

/** A list that is as long as the code that destructures it expects, such as the arguments of an op. */
export type Known<T> = readonly T[] & Readonly<Record<0 | 1 | 2 | 3 | 4 | 5, T>>;

/** Types a list as one of known length. */
export const known = <T>(list: readonly T[]): Known<T> => list as Known<T>;
