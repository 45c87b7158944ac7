/**
 * Time and memory of a training step at many depths and batch sizes, each in a process of its own.
 *
 * @module
 */
import { denoRun } from "../../tasks/cli/mod.ts";
import { childRows } from "../child.ts";

/** The outcome of a process: measurements of a step, or the error where it ran out of memory. */
export type Outcome =
  | {
    readonly ms: number;
    /** Bytes allocated on the device. */
    readonly bytes: number;
    readonly buffers: number;
    /** Peak memory of the process; absent where the system does not report it. */
    readonly peakMiB?: number | undefined;
  }
  | { readonly full: string };

/** The setting that one process measures. */
export interface Place {
  readonly device: string;
  readonly depth: number;
  readonly batch: number;
}

/** A measured setting. */
export type Point = Place & Exclude<Outcome, { readonly full: string }>;

/** How settings are measured. */
export interface Measuring {
  readonly seconds: number;
  readonly threads?: number | undefined;
  /** The command that is prefixed. */
  readonly prefix: readonly string[];
}

const PROGRAM = new URL("./point.ts", import.meta.url).pathname;

/** Measures one setting. */
export async function measureSetting(
  { device, depth, batch }: Place,
  { seconds, threads, prefix }: Measuring,
): Promise<Outcome> {
  const work = JSON.stringify({ depth, batch, seconds, open: { device, threads } });
  const command = denoRun("measure", PROGRAM, work);
  const [row] = await childRows([...prefix, ...command]);
  return row as unknown as Outcome;
}

/** The largest size that fits, and the error of the smallest that does not. */
export interface Largest {
  readonly fits: number;
  readonly bytes?: number;
  /** Absent where the largest that was tried fits. */
  readonly beyond?: { readonly size: number; readonly message: string } | undefined;
}

/** The search ends within a factor of a quarter. */
const NEAR = 1.25;

/**
 * Doubles a size until it does not fit, then bisects.
 *
 * @param from A size that fits.
 * @param most No larger size is tried.
 */
export async function findLargest(
  from: number,
  most: number,
  at: (size: number) => Promise<Outcome>,
): Promise<Largest> {
  let fits: Largest = { fits: from }, beyond: Largest["beyond"];
  for (let size = 2 * from; size > fits.fits && size <= most;) {
    const outcome = await at(size);
    if ("full" in outcome) beyond = { size, message: outcome.full };
    else fits = { fits: size, bytes: outcome.bytes };
    if (beyond && beyond.size / fits.fits <= NEAR) break;
    size = beyond ? Math.round((fits.fits + beyond.size) / 2) : Math.min(2 * size, most);
  }
  return { ...fits, beyond };
}
