/**
 * Waiting.
 *
 * @module
 */

/** Lets so many milliseconds pass. */
export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
