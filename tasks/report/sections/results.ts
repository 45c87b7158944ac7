/**
 * The table of results: of an experiment or several runs, or the outcome of one run.
 *
 * @module
 */
import { capitalize, duration, fixed, NONE } from "../../cli/format.ts";
import { toMeasure } from "../../experiments/measure.ts";
import { plainTable, type TableBlock } from "../document.ts";
import type { Results } from "../results.ts";
import { resultLines, summarizeCells } from "./result_cell.ts";

/** The table of results, with the paper's where there are any. */
export function resultsTable(results: Results): TableBlock {
  const { rows, columns, measure, paper } = results;
  return {
    kind: "table",
    caption: `${capitalize(measure)}: mean ± standard deviation over seeds` +
      (paper ? "; below, the paper's number and in brackets the difference from it" : "") +
      ". n/c: did not converge.",
    head: ["", ...columns],
    rows: rows.map((row) => [
      [row],
      ...columns.map((column) => resultLines(results, summarizeCells(results, row, column))),
    ]),
    numeric: columns.map((_, i) => i + 1),
  };
}

/** What a run did about numbers that were not finite; nothing where all were. */
function nonFiniteRows(
  run: Results["cells"][number]["run"],
): readonly (readonly [string, string])[] {
  const { skippedSteps = 0, rateFactor = 1 } = run?.epochs.at(-1) ?? {};
  const { fault } = run?.manifest.results ?? {};
  return [
    ...(fault ? [["Diverged", fault] as const] : []),
    ...(skippedSteps > 0 ? [["Steps without an update", String(skippedSteps)] as const] : []),
    ...(rateFactor < 1
      ? [["Learning rate lowered to", `${rateFactor} of its course`] as const]
      : []),
  ];
}

/** The outcome of one run: its last epoch and its best. */
export function outcomeTable(results: Results): TableBlock {
  const { run, accuracy, loss, epochs = 0, seconds, status } = results.cells[0]!;
  const tested = (run?.epochs ?? []).filter(({ testAccuracy }) => Number.isFinite(testAccuracy));
  const best = tested.reduce(
    (top, row) => top && top.testAccuracy >= row.testAccuracy ? top : row,
    tested.at(0),
  );
  const planned = run?.manifest.settings?.epochs;
  const percent = (share: number) => fixed(toMeasure(results, share), 2);
  return plainTable("The run's outcome.", ["", "value"], [
    ["Status", run?.manifest.status ?? status],
    ["Epochs", typeof planned === "number" ? `${epochs} of ${planned}` : String(epochs)],
    ["Test accuracy of the last epoch, %", accuracy === undefined ? NONE : percent(accuracy)],
    ["Test loss of the last epoch", loss === undefined ? NONE : fixed(loss, 4)],
    ["Best test accuracy, %", best ? `${percent(best.testAccuracy)} (epoch ${best.epoch})` : NONE],
    ...nonFiniteRows(run),
    ["Time", seconds === undefined ? NONE : duration(seconds)],
  ]);
}
