/**
 * What benchmarks share: medians of repeated work, and what the process has used.
 *
 * @module
 */

/** The middle of some numbers. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1];

/** What repeated work came to. */
export interface Timing {
  /** The median call after two to warm up, in ms. */
  readonly ms: number;
  /** Calls that were timed. */
  readonly calls: number;
  /** The first call, with everything compiled, in ms. */
  readonly firstMs: number;
  /** What the first four calls returned. */
  readonly values: readonly number[];
}

/** Calls `once`, which must end with the device done, until `budget` ms have passed. */
export async function repeat(once: () => Promise<number>, budget = 6000): Promise<Timing> {
  const values: number[] = [], times: number[] = [];
  const timed = async () => {
    const from = performance.now();
    values.push(await once());
    return performance.now() - from;
  };
  const firstMs = await timed();
  await timed();
  const from = performance.now();
  while (times.length < 3 || performance.now() - from < budget) times.push(await timed());
  return { ms: median(times), calls: times.length, firstMs, values: values.slice(0, 4) };
}

/** The most memory that the process has held, in MiB; undefined where the system does not tell. */
export function peakMiB(): number | undefined {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
  } catch {
    return undefined;
  }
}

/** A number of a few digits. */
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
