/**
 * Tables by epoch: of one run, or of the columns of a row beside the published numbers.
 *
 * @module
 */
import { capitalize, fixed, NONE } from "../../tasks/cli/format.ts";
import { TaskError } from "../../tasks/cli/mod.ts";
import type { PaperByEpoch } from "../../tasks/experiments/description.ts";
import { toMeasure } from "../../tasks/experiments/measure.ts";
import { summarize } from "../../tasks/plots/statistics.ts";
import { plainTable, type TableBlock } from "../../tasks/report/document.ts";
import type { Results } from "../../tasks/report/results.ts";
import { BY_EPOCH } from "./published.ts";

/** The most epochs that are all shown, and of others the distances of those that are. */
const MOST = 12, STEPS = [5, 10, 20, 25, 50];

/** About ten epochs, the first and the last among them. */
export function someEpochs(last: number): readonly number[] {
  const all = Array.from({ length: last }, (_, i) => i + 1);
  if (last <= MOST) return all;
  const every = STEPS.find((step) => last / step <= MOST) ?? Math.ceil(last / MOST);
  return all.filter((epoch) => epoch === 1 || epoch % every === 0 || epoch === last);
}

/** One run by epoch. */
function runEpochs({ cells: [cell] }: Results): TableBlock {
  const epochs = cell?.run?.epochs ?? [], shown = someEpochs(epochs.at(-1)?.epoch ?? 0);
  const percent = (share: number) => fixed(100 * share, 2);
  return plainTable(
    "By epoch; training accuracy is that of augmented images while the weights still change.",
    ["epoch", "training loss", "training accuracy, %", "test loss", "test accuracy, %"],
    epochs.filter(({ epoch }) => shown.includes(epoch)).map((row) => [
      String(row.epoch),
      fixed(row.trainLoss, 3),
      percent(row.trainAccuracy),
      fixed(row.testLoss, 3),
      percent(row.testAccuracy),
    ]),
    [0, 1, 2, 3, 4],
  );
}

/** The published numbers of a row by column and epoch. */
const publishedOf = ({ facts }: Results, row: string): PaperByEpoch[string] => {
  const [, task = ""] = facts.find(([name]) => name === "Task") ?? [];
  return BY_EPOCH[task]?.[row] ?? {};
};

/** The columns of a row by epoch, means over seeds. */
function rowEpochs(results: Results, row: string): TableBlock {
  const { columns, measure } = results, published = publishedOf(results, row);
  const cells = results.cells.filter((cell) => cell.row === row);
  const last = Math.max(0, ...cells.map(({ run }) => run?.epochs.at(-1)?.epoch ?? 0));
  const theirs = new Set(Object.values(published).flatMap((each) => Object.keys(each).map(Number)));
  const text = (column: string, epoch: number) => {
    const found = cells.filter((cell) => cell.column === column).flatMap(({ run }) =>
      run?.epochs.filter((each) => each.epoch === epoch && Number.isFinite(each.testAccuracy)) ?? []
    );
    const mean = summarize(found.map(({ testAccuracy }) => toMeasure(results, testAccuracy)))?.mean;
    const other = published[column]?.[epoch];
    return (mean === undefined ? NONE : fixed(mean, 2)) +
      (other === undefined ? "" : ` (${fixed(other, 2)})`);
  };
  return plainTable(
    `${capitalize(measure).replace(/,? %$/, ", %")}, by epoch, means over seeds` +
      (theirs.size > 0 ? "; in parentheses the published number." : "."),
    ["epoch", ...columns],
    someEpochs(last).filter((epoch) => theirs.size === 0 || theirs.has(epoch)).map((epoch) => [
      String(epoch),
      ...columns.map((column) => text(column, epoch)),
    ]),
    [0, ...columns.map((_, i) => i + 1)],
  );
}

/** The table of one run by epoch, or of a row's columns. */
export function epochsTable(results: Results, row: string | undefined): TableBlock {
  if (row === undefined) return runEpochs(results);
  if (results.rows.includes(row)) return rowEpochs(results, row);
  throw new TaskError(`expected one of ${results.rows.join(", ")}, found ${row}`);
}
