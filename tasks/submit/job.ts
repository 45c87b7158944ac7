/**
 * A job as it is asked of a scheduler, in the words of none of them.
 *
 * @module
 */

/** What a job needs, and what it runs. */
export interface Job {
  /** Letters, digits, dots, hyphens and underscores. */
  readonly name: string;
  /** How many jobs share the work as an array, and at most how many at once; a single job if left out. */
  readonly array?: { readonly count: number; readonly atOnce?: number | undefined } | undefined;
  /** How many processes train together; one if left out. */
  readonly ranks?: number | undefined;
  readonly cpus: number;
  readonly gpus?: number | undefined;
  /** MiB for each job; what the scheduler gives if left out. */
  readonly memory?: number | undefined;
  /** Seconds. */
  readonly time: number;
  /** The folder of what the jobs print. */
  readonly logs: string;
  /** What is asked of the scheduler by options of its own, by their names here. */
  readonly asked: Readonly<Record<string, string>>;
  /** A line of further options, in the scheduler's own words. */
  readonly also?: string | undefined;
}

/** Seconds before the end of a job's time at which it is asked to end. */
export const NOTICE = 120;
