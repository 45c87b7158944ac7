/**
 * Factors by parameter, and checks of numbers.
 *
 * @module
 */

/** A factor for each parameter, by its path such as `[0].w`; true counts as 1, false as 0. */
export type Multiplier = (path: string) => number | boolean;

/**
 * Whether a path does not name a bias.
 *
 * @example
 * ```ts
 * import { optim } from "@goodinit/goodinit";
 *
 * console.assert(optim.notBias("[0].w") && !optim.notBias("[0].b"));
 * ```
 */
export const notBias = (path: string): boolean => !/(^|\.)b$/.test(path);

/** Throws RangeError unless `low` ≤ value < `high`. */
export function checkWithin(
  kind: string,
  name: string,
  value: number,
  low: number,
  high: number,
): void {
  if (value >= low && value < high) return;
  throw new RangeError(
    `${kind}: expected ${name} of at least ${low} and below ${high}, found ${value}`,
  );
}

/** The factor of a parameter. Throws RangeError unless it is finite and at least 0. */
export function checkedFactor(
  kind: string,
  name: string,
  multiplier: Multiplier,
  path: string,
): number {
  const value = Number(multiplier(path));
  checkWithin(kind, `${name} of ${path || "the parameter"}`, value, 0, Infinity);
  return value;
}
