/**
 * The results of a benchmark: rows of measurements, compared with the device's peak.
 *
 * @module
 */
import { type Peak, rate } from "../src/device/profile.ts";
import type { Machine } from "./machine.ts";
import { significant, type Spread } from "./measure.ts";

/** The measurements of one benchmark. */
export interface Row {
  /** The suite. */
  readonly suite: string;
  readonly name: string;
  /** Milliseconds per call, step or start. */
  readonly ms: Spread;
  /** For a kernel, whose `ms` is by the device's clock: a whole call by the host's clock. */
  readonly callMs?: number;
  /** For the start of a process: when the library was loaded, and when the device was open, in ms. */
  readonly loadedMs?: number;
  readonly openedMs?: number;
  readonly imagesPerSecond?: number;
  /** GFLOP/s, operations counted by the definition of the op. */
  readonly gflops?: number;
  /** GFLOP/s relative to the measured peak of multiply-adds. */
  readonly ofPeak?: number;
  /** GB/s, every value read or written once. */
  readonly gbps?: number;
  /** GB/s relative to the measured bandwidth of copying. */
  readonly ofBandwidth?: number;
  /** The time in forward passes of the same net on the same batch. */
  readonly forwardPasses?: number;
  /** The fraction of the time in which no kernel ran. */
  readonly outside?: number;
  /** Bytes allocated on the device at the end. */
  readonly bytes?: number;
  /** The largest difference from float64, relative to the root mean square. */
  readonly error?: number | undefined;
  /** Losses of the first steps, each before the update. */
  readonly losses?: readonly number[];
}

/** A benchmark's file. */
export interface Result extends Machine {
  readonly command: string;
  readonly device: { readonly name: string; readonly description: string };
  /** The device's peak, measured in this run. */
  readonly ceilings: Peak;
  readonly rows: readonly Row[];
}

/**
 * The error above which a result is wrong, not just rounded. In two steps of a net of 17 convolutions,
 * Winograd's rounding errors of 5e-5 grow to 1e-3.
 */
export const MAX_ERROR = 1e-2;

/** The rows whose results are wrong. */
export const wrongRows = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ error }) => error !== undefined && !(error <= MAX_ERROR));

/** The rates of work of some operations or bytes in some milliseconds, also relative to the peak. */
export function rated(
  most: Peak,
  ms: number,
  { flops, bytes }: { readonly flops?: number; readonly bytes?: number },
): Pick<Row, "gflops" | "ofPeak" | "gbps" | "ofBandwidth"> {
  const gflops = flops && rate(flops, ms), gbps = bytes && rate(bytes, ms);
  return {
    ...(gflops && { gflops: significant(gflops), ofPeak: significant(gflops / most.gflops) }),
    ...(gbps && { gbps: significant(gbps), ofBandwidth: significant(gbps / most.gbps) }),
  };
}

/** Milliseconds rounded to a few significant digits. */
export const roundedMs = ({ median, low, high, runs }: Spread): Spread => ({
  median: significant(median),
  low: significant(low),
  high: significant(high),
  runs,
});
