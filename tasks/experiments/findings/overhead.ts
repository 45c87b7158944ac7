/**
 * How much longer an epoch takes with something than without it, in the runs of one experiment.
 *
 * @module
 */
import type { Run } from "../../run/read_run.ts";
import { type EndedRun, type Finding, median } from "./finding.ts";

/** What is compared. */
export interface Overhead {
  /** What some of the rows have, such as `batch normalization`. */
  readonly of: string;
  /** The rows that have it. */
  readonly with: readonly string[];
  readonly without: readonly string[];
  /** The paper's, in percent. */
  readonly paper?: number;
}

/** The seconds that an epoch of a run trains, of each but the first, which compiles, where there are others. */
function epochSeconds({ epochs, manifest: { settings } }: Run): readonly number[] {
  const batch = Number(settings?.batch), measured = epochs.length > 1 ? epochs.slice(1) : epochs;
  return measured.map(({ epoch, step, imagesPerSecond }) => batch * step / epoch / imagesPerSecond)
    .filter(Number.isFinite);
}

/** How much longer in percent; null where one of the two is not known. */
const percentMore = (more: number | undefined, less: number | undefined): number | null =>
  more === undefined || less === undefined ? null : 100 * (more / less - 1);

const least = (seconds: readonly number[]): number | undefined =>
  seconds.length > 0 ? Math.min(...seconds) : undefined;

/** Measures it in each column. */
export function measureOverhead(
  { of, with: having, without, paper }: Overhead,
  columns: readonly string[],
  runs: readonly EndedRun[],
): Finding {
  const secondsOf = (column: string, rows: readonly string[]) =>
    runs.filter((each) => each.column === column && rows.includes(each.row))
      .flatMap(({ run }) => epochSeconds(run));
  const lines = columns.map((column) => {
    const slow = secondsOf(column, having), fast = secondsOf(column, without);
    const more = median(slow), less = median(fast);
    const found = [less ?? null, more ?? null, percentMore(more, less)];
    const best = percentMore(least(slow), least(fast));
    return [column, ...found, best, ...(paper === undefined ? [] : [paper])];
  });
  const head = ["", "without", "with", "overhead %", "fastest %"];
  return {
    title: `Overhead of ${of}: seconds of training per epoch`,
    head: paper === undefined ? head : [...head, "paper"],
    lines,
    notes: [
      `With it: ${having.join("; ")}. Without: ${without.join("; ")}.`,
      "Medians over the runs' epochs but the first, and the overhead of the fastest of them beside that of the " +
      "medians; of training alone.",
      "The numbers say something only of runs that had the machine to themselves, one at a time (--jobs 1).",
    ],
  };
}
