/**
 * Training the grid of an experiment's runs, one after another or several in parallel.
 *
 * @module
 */
import type { Observer } from "../run/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { GridEvent } from "./events.ts";
import type { DataSource } from "./load_data.ts";
import { type CellOutcome, isOpen } from "./outcome.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";
import { type CellContext, runCell } from "./run_cell.ts";
import { type CellRunner, createWorkerPool } from "./worker_pool.ts";

/** A grid of runs. */
export interface Grid extends CellContext {
  readonly record: ExperimentRecord;
  readonly cells: readonly PlannedCell[];
  /** The source of the data. */
  readonly source: DataSource;
  /** How many runs are trained in parallel. */
  readonly jobs: number;
}

/** Passes events to an observer one at a time, in order, even where several runs emit them. */
export function serialize(observer: Observer<GridEvent>): (event: GridEvent) => Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  return (event) => {
    const handled = before.then(() => observer(event));
    before = handled.catch(() => {});
    return handled;
  };
}

/** A record with the outcome of a run. */
export function withOutcome(record: ExperimentRecord, index: number, outcome: CellOutcome) {
  const { row, column, seed, run, command, settings } = record.cells[index]!;
  const cell: CellRecord = { row, column, seed, run, command, settings, ...outcome };
  return { ...record, cells: record.cells.with(index, cell) };
}

/** Calls `work` with a runner: this thread, or each of as many workers as there are jobs. */
export async function withRunners(
  grid: Grid,
  work: (run: CellRunner) => Promise<void>,
): Promise<void> {
  const { jobs, cells, out, source, checkpointEvery, signal, shared } = grid;
  if (jobs === 1) return await work((cell, observer) => runCell(grid, cell, observer));
  const context = { out, source, checkpointEvery, shared };
  using pool = createWorkerPool(Math.min(jobs, cells.length), context, signal);
  await Promise.all(pool.runners.map(work));
}

/** The indices of the runs of a grid that are to be trained. */
export const toTrain = ({ cells, record }: Pick<Grid, "cells" | "record">): readonly number[] =>
  cells.flatMap(({ kept }, i) => !kept && isOpen(record.cells[i]!) ? [i] : []);

/**
 * Trains the runs that have not ended. One that does not converge or fails does not stop the others.
 *
 * @param observer Receives all events except the end, one at a time.
 * @returns The record with the outcomes of all runs.
 */
export async function runGrid(
  grid: Grid,
  observer: Observer<GridEvent>,
): Promise<ExperimentRecord> {
  const { out, cells, signal } = grid, emit = serialize(observer);
  let { record } = grid;
  const indices = toTrain(grid), open = indices.values();
  await emit({ kind: "start", folder: out, record, open: indices });
  const ends = new Map(
    indices.map((index) => [cells[index]!.run, Promise.withResolvers<void>()]),
  );
  await withRunners(grid, async (run) => {
    // All runners share one iterator, so that each run is trained once.
    for (const index of open) {
      if (signal.aborted) break;
      const planned = cells[index]!, cell = record.cells[index]!;
      // The runs that others depend on come before them, so another runner is training this one.
      if (planned.after) await ends.get(planned.after)?.promise;
      if (signal.aborted) break;
      await emit({ kind: "cell start", index, cell });
      const outcome = await run(planned, (event) => emit({ kind: "run", cell, event }));
      record = withOutcome(record, index, outcome);
      await emit({ kind: "cell end", index, cell: record.cells[index]!, record });
      ends.get(planned.run)?.resolve();
    }
  });
  return record;
}
