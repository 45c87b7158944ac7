/**
 * The runs of an experiment, one after another or some side by side, each noted as it ends.
 *
 * @module
 */
import type { PlannedCell } from "./cells.ts";
import { hire } from "./worker_pool.ts";
import type { DataSource } from "./load_data.ts";
import { makeCell, type Making } from "./make.ts";
import type { CellOutcome } from "./outcome.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";
import { writeRecord } from "./record.ts";
import { writeResults } from "./results_csv.ts";
import { outcomeLine } from "./results_table.ts";
import { cellOf, followGrid, tellCell } from "../live/observe_grid.ts";

/** What a grid is run with. */
export interface Grid extends Making {
  readonly record: ExperimentRecord;
  readonly cells: readonly PlannedCell[];
  /** Where the data is from. */
  readonly source: DataSource;
  /** Runs that are made side by side. */
  readonly jobs: number;
}

const isOpen = ({ status }: CellRecord) => status === "pending" || status === "failed";

/**
 * Makes the runs that have not ended, and writes `experiment.json` and `results.csv` after each. One
 * that does not converge or fails does not keep the others from being made.
 *
 * @returns What all runs came to.
 */
export async function runGrid(grid: Grid): Promise<ExperimentRecord> {
  const { out, cells, reporter, signal, watch } = grid;
  let { record } = grid;
  const noteNow = async (at: number, came: CellOutcome) => {
    const { row, column, seed, run, command, settings } = record.cells[at]!;
    const cell = { row, column, seed, run, command, settings, ...came };
    record = { ...record, cells: record.cells.with(at, cell) };
    await writeRecord(out, record);
    await writeResults(out, record);
    if (watch) tellCell(watch, at, cellOf(cell));
    return cell;
  };
  // One at a time, so that the newest stays.
  let noting: Promise<unknown> = Promise.resolve();
  const note = (at: number, came: CellOutcome) => {
    const noted = noting.then(() => noteNow(at, came));
    noting = noted.catch(() => {});
    return noted;
  };
  await writeRecord(out, record);
  await writeResults(out, record);
  if (watch) await followGrid(watch, record, cells, out);
  const open = cells.entries().filter(([at]) => isOpen(record.cells[at]!));
  const work = async (make: (cell: PlannedCell) => Promise<CellOutcome>) => {
    for (const [at, cell] of open) {
      if (signal.aborted) break;
      await reporter.say(
        `[${at + 1}/${cells.length}] ${cell.row}, ${cell.column}, seed ${cell.seed}`,
      );
      if (watch) tellCell(watch, at, { ...cellOf(record.cells[at]!), status: "running" });
      const noted = await note(at, await make(cell));
      await reporter.say(outcomeLine(record, noted));
    }
  };
  if (grid.jobs === 1) await work((cell) => makeCell(grid, cell));
  else {
    using crew = hire(grid);
    await Promise.all(crew.members.map(work));
  }
  return record;
}
