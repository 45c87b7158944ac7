/**
 * Time and memory of a training step at many depths and batch sizes, each in a process of its own.
 *
 * @module
 */
import { childRows } from "../child.ts";

/** What a process came to: figures of a step, or why there was no room. */
export type Outcome =
  | {
    readonly ms: number;
    /** What the device has allocated. */
    readonly bytes: number;
    readonly buffers: number;
    /** The most that the process held; absent where the system does not tell. */
    readonly peakMiB?: number | undefined;
  }
  | { readonly full: string };

/** What one process measures. */
export interface Place {
  readonly device: string;
  readonly depth: number;
  readonly batch: number;
}

/** A measured place. */
export type Point = Place & Exclude<Outcome, { readonly full: string }>;

/** How places are measured. */
export interface Measuring {
  readonly seconds: number;
  readonly threads?: number | undefined;
  /** What stands before the command. */
  readonly prefix: readonly string[];
}

const PROGRAM = new URL("./point.ts", import.meta.url).pathname;

/** Measures one place. */
export async function outcomeAt(
  { device, depth, batch }: Place,
  { seconds, threads, prefix }: Measuring,
): Promise<Outcome> {
  const work = JSON.stringify({ depth, batch, seconds, open: { device, threads } });
  const command = [Deno.execPath(), "run", "-A", "--no-check", PROGRAM, work];
  const [row] = await childRows([...prefix, ...command]);
  return row as unknown as Outcome;
}

/** The largest size that fits, and what is said of the least that was found not to. */
export interface Largest {
  readonly fits: number;
  readonly bytes?: number;
  /** Absent where the largest that was tried fits. */
  readonly beyond?: { readonly size: number; readonly message: string } | undefined;
}

/** Sizes are as near as a quarter. */
const NEAR = 1.25;

/**
 * Doubles a size until there is no room, then halves what lies between.
 *
 * @param from A size that fits.
 * @param most No larger size is tried.
 */
export async function largestOf(
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
