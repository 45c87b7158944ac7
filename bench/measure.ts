/**
 * What benchmarks share: repeated work, its median and spread, and what the process has used.
 *
 * @module
 */

/** Some measurements of one thing. */
export interface Spread {
  readonly median: number;
  /** A quarter of the measurements are below. */
  readonly low: number;
  /** A quarter of the measurements are above. */
  readonly high: number;
  /** How many there are. */
  readonly runs: number;
}

/** A number of a few digits behind the point. */
export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** A number of a few digits in all. */
export const significant = (value: number, digits = 4): number => Number(value.toPrecision(digits));

/** The measurement that a share of the others lie below. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** The middle of some numbers. */
export const median = (values: readonly number[]): number =>
  quantile([...values].sort((a, b) => a - b), 0.5);

/** The median and the quartiles of some numbers. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b), runs = values.length;
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  return { median: middle!, low: low!, high: high!, runs };
}

/** What repeated work came to. */
export interface Timing {
  /** Milliseconds of a call, after two to warm up. */
  readonly ms: Spread;
  /** The first call, with everything compiled, in ms. */
  readonly firstMs: number;
  /** What the first four calls returned. */
  readonly values: readonly number[];
}

/**
 * Calls `once`, which must end with the device done, until `budget` ms have passed and three calls at
 * least. Where a single call takes longer than that, the second is all that is measured.
 */
export async function repeat(once: () => Promise<number>, budget: number): Promise<Timing> {
  const values: number[] = [];
  const timed = async () => {
    const from = performance.now();
    values.push(await once());
    return performance.now() - from;
  };
  const firstMs = await timed(), second = await timed(), times: number[] = [];
  const from = performance.now();
  while (second < budget && (times.length < 3 || performance.now() - from < budget)) {
    times.push(await timed());
  }
  return { ms: spreadOf(second < budget ? times : [second]), firstMs, values: values.slice(0, 4) };
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
