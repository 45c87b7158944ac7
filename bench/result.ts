/**
 * What a benchmark comes to: rows of figures, held against what the device can do at most.
 *
 * @module
 */
import { type Peak, rate } from "../src/device/profile.ts";
import type { Machine } from "./machine.ts";
import { significant, type Spread } from "./measure.ts";

/** What was measured of one piece of work. */
export interface Row {
  /** The suite that it is of. */
  readonly suite: string;
  readonly name: string;
  /** Milliseconds of one call, step or start. */
  readonly ms: Spread;
  /** For a kernel, whose `ms` are the device's own: one call by the host's clock, with all around it. */
  readonly callMs?: number;
  /** For the start of a process: when the library was loaded, and when the device was open, in ms. */
  readonly loadedMs?: number;
  readonly openedMs?: number;
  readonly imagesPerSecond?: number;
  /** Thousand millions of floating-point operations a second, counted as the work is defined. */
  readonly gflops?: number;
  /** The same as a share of the most that was measured in multiply-adds. */
  readonly ofPeak?: number;
  /** Thousand millions of bytes a second, every value read or written once. */
  readonly gbps?: number;
  /** The same as a share of the most that was measured in copying. */
  readonly ofBandwidth?: number;
  /** How many forward passes of the same net on the same batch take as long. */
  readonly forwardPasses?: number;
  /** The share of the time in which no kernel ran. */
  readonly outside?: number;
  /** What the device has allocated in the end. */
  readonly bytes?: number;
  /** The largest distance from float64 as a share of the root of the mean square. */
  readonly error?: number | undefined;
  /** Losses of the first steps, each before its update. */
  readonly losses?: readonly number[];
}

/** A benchmark's file. */
export interface Result extends Machine {
  readonly command: string;
  readonly device: { readonly name: string; readonly description: string };
  /** The most that the device was measured to do in this run. */
  readonly ceilings: Peak;
  readonly rows: readonly Row[];
}

/**
 * Above this a result is wrong, whatever it is rounded by. In two steps of a net of 17 convolutions,
 * Winograd's roundings of 5e-5 grow to 1e-3.
 */
export const MAX_ERROR = 1e-2;

/** The rows whose results are wrong. */
export const wrongOf = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ error }) => error !== undefined && !(error <= MAX_ERROR));

/** Work of so many operations or bytes in some milliseconds: rates, and what share of the most they are. */
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

/** Milliseconds of few digits. */
export const roundedMs = ({ median, low, high, runs }: Spread): Spread => ({
  median: significant(median),
  low: significant(low),
  high: significant(high),
  runs,
});
