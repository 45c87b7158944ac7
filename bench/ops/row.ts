/**
 * The rows of the sweep: a direction of an op by this library and by PyTorch, and the bar that it clears.
 *
 * @module
 */
import { type Peak, rate } from "../../src/device/profile.ts";
import { median, significant } from "../measure.ts";
import type { Case } from "./cases/mod.ts";
import type { Answer, Layouts, Times } from "./request.ts";

/** What a row clears: PyTorch's speed, the peak of multiply-adds, the bandwidth of copying, or nothing. */
export type Bar = "PyTorch" | "peak" | "copy" | "short";

/** A direction of an op, measured. */
export interface Row {
  readonly name: string;
  readonly kind: string;
  readonly direction: string;
  /** Milliseconds per call of this library. */
  readonly ours: Times;
  /** Those of PyTorch, by layout. */
  readonly pytorch: Layouts;
  /** PyTorch's fastest layout. */
  readonly layout: string;
  /** PyTorch's best time over ours: above 1, ours is faster. */
  readonly ratio: number;
  readonly medianRatio: number;
  readonly flops?: number | undefined;
  readonly bytes: number;
  /** Rates relative to the measured peak: of multiply-adds, and of copying. */
  readonly ofPeak?: number | undefined;
  readonly ofCopy: number;
  readonly bar: Bar;
  /** The largest difference from PyTorch's results, relative to their root mean square. */
  readonly error: number;
}

/** The fraction of PyTorch's speed, or else of the machine's peak, that a row must reach. */
export const OF_PYTORCH = 0.9, OF_MACHINE = 0.85;

/** The error above which a result is wrong, not just rounded: Winograd's is up to 4e-5. */
export const MAX_ERROR = 1e-3;

/** The bar that a ratio and fractions of the peak clear. */
export function clearedBar(ratio: number, ofPeak: number | undefined, ofCopy: number): Bar {
  if (ratio >= OF_PYTORCH) return "PyTorch";
  if (ofPeak !== undefined && ofPeak >= OF_MACHINE) return "peak";
  return ofCopy >= OF_MACHINE ? "copy" : "short";
}

/** Times over several rounds: the best, and the median of the medians. */
export const merged = (rounds: readonly Times[]): Times => ({
  best: significant(Math.min(...rounds.map(({ best }) => best))),
  median: significant(median(rounds.map(({ median }) => median))),
});

/** Times by layout over several rounds. */
const mergedLayouts = (rounds: readonly Layouts[]): Layouts =>
  Object.fromEntries(
    Object.keys(rounds[0]!).map((layout) => [layout, merged(rounds.map((each) => each[layout]!))]),
  );

const fastest = (layouts: Layouts): string =>
  Object.entries(layouts).reduce((a, b) => b[1].best < a[1].best ? b : a)[0];

/** What a case's rows are made of. */
export interface Rounds {
  readonly ours: readonly Answer[];
  readonly pytorch: readonly Answer[];
  /** The errors of the results, by direction. */
  readonly errors: Readonly<Record<string, number>>;
}

/** The rows of a case. */
export function rowsOf({ name, kind }: Case, { ours, pytorch, errors }: Rounds, peak: Peak): Row[] {
  return Object.entries(ours[0]!).map(([direction, { flops, bytes = 0 }]): Row => {
    const own = merged(ours.map((round) => round[direction]!.layouts.own!));
    const theirs = mergedLayouts(pytorch.map((round) => round[direction]!.layouts));
    const layout = fastest(theirs), best = theirs[layout]!;
    const least = Math.min(...Object.values(theirs).map(({ median }) => median));
    const ratio = significant(best.best / own.best);
    const ofPeak = flops && significant(rate(flops, own.best) / peak.gflops);
    const ofCopy = significant(rate(bytes, own.best) / peak.gbps);
    return {
      name,
      kind,
      direction,
      ours: own,
      pytorch: theirs,
      layout,
      ratio,
      medianRatio: significant(least / own.median),
      flops,
      bytes,
      ofPeak,
      ofCopy,
      bar: clearedBar(ratio, ofPeak, ofCopy),
      error: significant(errors[direction] ?? NaN, 2),
    };
  });
}

/** The geometric mean. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** All rows in a few numbers. */
export interface Summary {
  readonly rows: number;
  readonly geometricMean: number;
  readonly least: number;
  /** The geometric means by kind. */
  readonly kinds: Readonly<Record<string, number>>;
  /** How many rows clear each bar. */
  readonly bars: Readonly<Partial<Record<Bar, number>>>;
  /** The rows that clear none, the worst first. */
  readonly short: readonly string[];
}

export const rowName = ({ name, direction }: Row): string => `${name}, ${direction}`;

/** Summarizes rows. */
export function summarize(rows: readonly Row[]): Summary {
  const ratios = rows.map(({ ratio }) => ratio), groups = Map.groupBy(rows, ({ bar }) => bar);
  const kinds = Map.groupBy(rows, ({ kind }) => kind);
  const short = (groups.get("short") ?? []).toSorted((a, b) => a.ratio - b.ratio);
  return {
    rows: rows.length,
    geometricMean: significant(geometricMean(ratios)),
    least: Math.min(...ratios),
    kinds: Object.fromEntries(
      [...kinds].map(([kind, of]) =>
        [kind, significant(geometricMean(of.map(({ ratio }) => ratio)), 3)] as const
      ),
    ),
    bars: Object.fromEntries([...groups].map(([bar, { length }]) => [bar, length])),
    short: short.map((row) => `${rowName(row)}: ${row.ratio}`),
  };
}

/** The rows whose results are wrong. */
export const wrongRows = (rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ error }) => !(error <= MAX_ERROR));
