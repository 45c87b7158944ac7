/**
 * The limit of the option `threads`.
 *
 * @module
 */

/** The most threads that may be requested; more than any machine has. */
export const MOST_THREADS = 1024;
