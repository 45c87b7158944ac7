/**
 * The runs of an experiment, one after another or some side by side.
 *
 * @module
 */
import type { Observer } from "../run/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { GridEvent } from "./events.ts";
import type { DataSource } from "./load_data.ts";
import type { CellOutcome } from "./outcome.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";
import { type CellContext, runCell } from "./run_cell.ts";
import { type CellRunner, createWorkerPool } from "./worker_pool.ts";

/** What a grid is run with. */
export interface Grid extends CellContext {
  readonly record: ExperimentRecord;
  readonly cells: readonly PlannedCell[];
  /** Where the data is from. */
  readonly source: DataSource;
  /** Runs that are made side by side. */
  readonly jobs: number;
}

const isOpen = ({ status }: CellRecord): boolean => status === "pending" || status === "failed";

/** Hands events on one at a time, in their order, also where several runs emit them. */
function inOrder(observer: Observer<GridEvent>): (event: GridEvent) => Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  return (event) => {
    const handled = before.then(() => observer(event));
    before = handled.catch(() => {});
    return handled;
  };
}

/** A record in which a run has come to something. */
function withOutcome(record: ExperimentRecord, index: number, outcome: CellOutcome) {
  const { row, column, seed, run, command, settings } = record.cells[index]!;
  const cell: CellRecord = { row, column, seed, run, command, settings, ...outcome };
  return { ...record, cells: record.cells.with(index, cell) };
}

/** Hands what makes runs to `work`: this thread, or as many as there are jobs. */
async function withRunners(
  grid: Grid,
  work: (run: CellRunner) => Promise<void>,
): Promise<void> {
  const { jobs, cells, out, source, checkpointEvery, signal } = grid;
  if (jobs === 1) return await work((cell, observer) => runCell(grid, cell, observer));
  const context = { out, source, checkpointEvery };
  using pool = createWorkerPool(Math.min(jobs, cells.length), context, signal);
  await Promise.all(pool.runners.map(work));
}

/**
 * Makes the runs that have not ended. One that does not converge or fails does not keep the others from
 * being made.
 *
 * @param observer Is handed everything that happens but the end, one event at a time.
 * @returns What all runs came to.
 */
export async function runGrid(
  grid: Grid,
  observer: Observer<GridEvent>,
): Promise<ExperimentRecord> {
  const { out, cells, signal } = grid, emit = inOrder(observer);
  let { record } = grid;
  await emit({ kind: "start", folder: out, record });
  const open = cells.entries().filter(([index]) => isOpen(record.cells[index]!));
  await withRunners(grid, async (run) => {
    // All runners take from one iterator, so that each run is made once.
    for (const [index, planned] of open) {
      if (signal.aborted) break;
      const cell = record.cells[index]!;
      await emit({ kind: "cell start", index, cell });
      const outcome = await run(planned, (event) => emit({ kind: "run", cell, event }));
      record = withOutcome(record, index, outcome);
      await emit({ kind: "cell end", index, cell: record.cells[index]!, record });
    }
  });
  return record;
}
