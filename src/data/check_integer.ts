/**
 * Checks integers that callers give.
 *
 * @module
 */

/** Throws RangeError, in the name of the calling function, unless a number is an integer in a range. */
export function checkInteger(
  caller: string,
  what: string,
  found: number,
  least: number,
  most: number,
): void {
  if (Number.isSafeInteger(found) && found >= least && found <= most) return;
  throw new RangeError(
    `${caller}: expected ${what} to be an integer from ${least} to ${most}, found ${found}`,
  );
}
