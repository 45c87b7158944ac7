/**
 * Accuracy by second: how good each run of an experiment is after so much time.
 *
 * @module
 */
import { aligned } from "../cli/align.ts";
import { fixed, NONE } from "../cli/format.ts";
import { summarize } from "../plots/statistics.ts";
import type { Run } from "../run/read_run.ts";
import type { EndedRun } from "./findings/finding.ts";
import { toMeasure } from "./measure.ts";
import type { ExperimentRecord } from "./record.ts";

/** A run after an epoch: the seconds of its initialization and of training, without evaluations. */
export interface TimePoint {
  readonly seconds: number;
  readonly testAccuracy: number;
}

/** A run by second. */
export function timePoints({ epochs, manifest: { initialisation } }: Run): readonly TimePoint[] {
  let seconds = initialisation?.initSeconds ?? 0;
  return epochs.map((row) => {
    seconds += row.seconds;
    return { seconds, testAccuracy: row.testAccuracy };
  });
}

/** Lines of the table. */
const TIMES = 8;

/** Moments up to the end of the longest run, at even distances, of two digits. */
function momentsOf(runs: readonly (readonly TimePoint[])[]): readonly number[] {
  const last = Math.max(...runs.map((points) => points.at(-1)?.seconds ?? 0));
  const even = Array.from({ length: TIMES }, (_, i) => last * (i + 1) / TIMES);
  return [...new Set(even.map((seconds) => Math.ceil(seconds)))];
}

/** The accuracy of a run after some seconds: that of the last epoch that had ended. */
const accuracyAt = (points: readonly TimePoint[], at: number): readonly number[] =>
  points.filter(({ seconds }) => seconds <= at).slice(-1).map(({ testAccuracy }) => testAccuracy);

/** The table of a column: a line for each moment, and the mean over seeds of each row's runs. */
function columnTable(
  record: ExperimentRecord,
  column: string,
  runs: readonly EndedRun[],
): readonly string[] {
  const { rows, measure } = record;
  const timed = runs.map(({ row, run }) => ({ row, points: timePoints(run) }));
  const lines = momentsOf(timed.map(({ points }) => points)).map((at) => [
    String(at),
    ...rows.map((row) => {
      const own = timed.filter((each) => each.row === row);
      const found = own.flatMap(({ points }) => accuracyAt(points, at));
      const summary = found.length === own.length ? summarize(found) : undefined;
      return summary ? fixed(toMeasure(record, summary.mean), 2) : NONE;
    }),
  ]);
  return [
    `${column}: ${measure} by second of initialization and training`,
    ...aligned([["seconds", ...rows], ...lines], 0),
    "",
  ];
}

/** One table per column of the experiment. */
export const secondsTable = (record: ExperimentRecord, runs: readonly EndedRun[]): string =>
  record.columns.flatMap((column) => {
    const own = runs.filter((each) => each.column === column);
    return own.length === 0 ? [] : columnTable(record, column, own);
  }).join("\n");
