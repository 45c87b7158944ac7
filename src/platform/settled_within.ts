/**
 * Waiting with a time limit.
 *
 * @module
 */

/** Resolves when work is done, or after so many milliseconds if that comes first; rejects if the work does. */
export async function settledWithin(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
