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

/** Measures it in each column. */
export function measureOverhead(
  { of, with: having, without, paper }: Overhead,
  columns: readonly string[],
  runs: readonly EndedRun[],
): Finding {
  const seconds = (column: string, rows: readonly string[]) =>
    median(
      runs.filter((each) => each.column === column && rows.includes(each.row))
        .flatMap(({ run }) => epochSeconds(run)),
    );
  const lines = columns.map((column) => {
    const more = seconds(column, having), less = seconds(column, without);
    const percent = more === undefined || less === undefined ? null : 100 * (more / less - 1);
    return [column, less ?? null, more ?? null, percent, ...(paper === undefined ? [] : [paper])];
  });
  return {
    title: `Overhead of ${of}: seconds of training per epoch`,
    head: ["", "without", "with", "overhead %", ...(paper === undefined ? [] : ["paper"])],
    lines,
    notes: [
      `With it: ${having.join("; ")}. Without: ${
        without.join("; ")
      }. Medians over the runs' epochs but the ` +
      "first, of training alone; they say something only of runs that had the machine to themselves, one at a " +
      "time (--jobs 1).",
    ],
  };
}
