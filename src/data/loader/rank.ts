/**
 * One of several processes that make batches together.
 *
 * @module
 */

/** One of several processes. */
export interface Rank {
  /** Its number, from 0. */
  readonly rank: number;
  /** How many there are. */
  readonly size: number;
}
