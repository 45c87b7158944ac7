/**
 * How many threads may be asked for.
 *
 * @module
 */

/** The most threads that may be asked for; more than any machine has. */
export const MOST_THREADS = 1024;
