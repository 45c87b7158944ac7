/**
 * In how many steps the training loss of runs reaches a bound: a number for each row and column.
 *
 * @module
 */
import { type EndedRun, type Finding, median } from "./finding.ts";
import { firstBelow, guessing, WINDOW } from "./plateau.ts";

/** What is measured. */
export interface Reach {
  /** The loss to reach, relative to that of guessing, ln(classes). */
  readonly below: number;
}

/** The median step over a row's and column's runs; Infinity where most never reach it, undefined without any. */
function medianStep(
  below: number,
  row: string,
  column: string,
  runs: readonly EndedRun[],
): number | undefined {
  const own = runs.filter((each) => each.row === row && each.column === column);
  return median(own.map(({ run }) => firstBelow(run.steps, below * guessing(run)) ?? Infinity));
}

/** Measures it in each run. */
export function measureReach(
  { below }: Reach,
  { rows, columns }: { readonly rows: readonly string[]; readonly columns: readonly string[] },
  runs: readonly EndedRun[],
): Finding {
  const steps = rows.map((row) => columns.map((column) => medianStep(below, row, column, runs)));
  const text = (step: number | undefined) =>
    step === undefined ? null : Number.isFinite(step) ? step : "never";
  return {
    title: `Steps until the training loss is below ${below} ln(classes)`,
    head: ["", ...columns],
    lines: rows.map((row, i) => [row, ...steps[i]!.map(text)]),
    notes: [
      `The loss is smoothed over ${WINDOW} rows of steps.csv; ln(classes) is that of guessing; medians over seeds.`,
    ],
    map: { rows, columns, less: "faster" },
  };
}
