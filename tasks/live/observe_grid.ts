/**
 * An experiment on the live page.
 *
 * @module
 */
import type { PlannedCell } from "../experiments/cells.ts";
import type { CellRecord, ExperimentRecord } from "../experiments/record.ts";
import type { Teller } from "./events.ts";
import { recall } from "./observe_run.ts";
import type { CellView } from "./view.ts";

/** What a run of an experiment is called. */
export const nameOf = ({ row, column, seed }: Pick<CellRecord, "row" | "column" | "seed">) =>
  `${row}, ${column}, seed ${seed}`;

/** What the page shows of a run in the grid. */
export function cellOf(cell: CellRecord): CellView {
  const { row, column, seed, run, status, accuracy, seconds, message } = cell;
  return { row, column, seed, run, status, accuracy, seconds, message };
}

/** Tells the page of an experiment that begins or goes on, and of its runs that were made before. */
export async function followGrid(
  watch: Teller,
  record: ExperimentRecord,
  cells: readonly PlannedCell[],
  out: string,
): Promise<void> {
  const { task, title, question, measure, rows, columns, seeds, paper, scaled } = record;
  const { command, device } = record;
  watch.tell({ kind: "whole", facts: { title, command, device } });
  const grid = { task, title, question, measure, rows, columns, seeds, paper, scaled };
  watch.tell({ kind: "grid", grid: { ...grid, cells: record.cells.map(cellOf) } });
  for (const [i, { run, status }] of record.cells.entries()) {
    if (status !== "done" && status !== "n/c") continue;
    const { settings } = cells[i]!, name = nameOf(cells[i]!);
    await recall({ watch, key: run }, { name, settings, folder: `${out}/${run}` });
  }
}

/** Tells the page how a run of the grid stands. */
export const tellCell = (watch: Teller, place: number, cell: CellView): void =>
  watch.tell({ kind: "cell", place, cell });
