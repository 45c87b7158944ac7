/**
 * Repeated measurements, their median and spread, and the memory of the process.
 *
 * @module
 */
import { peakBytes } from "./peak_memory.ts";

/** The spread of repeated measurements. */
export interface Spread {
  readonly median: number;
  /** A quarter of the measurements are below. */
  readonly low: number;
  /** A quarter of the measurements are above. */
  readonly high: number;
  /** How many there are. */
  readonly runs: number;
}

/** A number rounded to a few decimals. */
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** A number rounded to a few significant digits. */
export const significant = (value: number, digits = 4): number => Number(value.toPrecision(digits));

/** A quantile of sorted measurements. */
function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))]!;
}

/** The median of numbers. */
export const median = (values: readonly number[]): number =>
  quantile([...values].sort((a, b) => a - b), 0.5);

/** The median and the quartiles of numbers. */
export function computeSpread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b), runs = values.length;
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  return { median: middle!, low: low!, high: high!, runs };
}

/** The timing of repeated work. */
export interface Timing {
  /** Milliseconds per call, after two calls to warm up. */
  readonly ms: Spread;
  /** Milliseconds of the first call, compiling included. */
  readonly firstMs: number;
  /** What the first four calls returned. */
  readonly values: readonly number[];
}

/**
 * Calls `once`, which must wait for the device where it is told to read, at least three times and until
 * `budget` ms have passed. Where a single call takes longer than that, only the second call is measured.
 *
 * @param sample With a device that computes while the host goes on: the milliseconds of a group of calls, of
 *   which the last alone reads. 0 if every call reads.
 */
export async function repeat(
  once: (read: boolean) => Promise<number>,
  budget: number,
  sample = 0,
): Promise<Timing> {
  const values: number[] = [];
  const timed = async (calls = 1) => {
    const from = performance.now();
    for (let i = 1; i < calls; i++) await once(false);
    values.push(await once(true));
    return (performance.now() - from) / calls;
  };
  const firstMs = await timed(), second = await timed(), times: number[] = [];
  const calls = sample > 0 ? Math.max(1, Math.floor(sample / await timed())) : 1;
  const from = performance.now();
  while (second < budget && (times.length < 3 || performance.now() - from < budget)) {
    times.push(await timed(calls));
  }
  return {
    ms: computeSpread(second < budget ? times : [second]),
    firstMs,
    values: values.slice(0, 4),
  };
}

/** The peak memory of the process, in MiB; undefined where the system does not report it. */
export function peakMiB(): number | undefined {
  const bytes = peakBytes();
  return bytes === undefined ? undefined : Math.round(bytes / 2 ** 20);
}
