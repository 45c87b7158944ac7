/**
 * Sums on the host.
 *
 * @module
 */

/** The sum of numbers; 0 of none. */
export const sumOf = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
