/**
 * Showing an experiment on the live page, as an observer.
 *
 * @module
 */
import type { GridEvent, GridStartEvent } from "../experiments/events.ts";
import type { CellRecord, ExperimentRecord } from "../experiments/record.ts";
import type { Observer } from "../run/events.ts";
import type { Emit } from "./events.ts";
import { type EmitRun, observeRun, replayRun } from "./observe_run.ts";
import type { CellView, GridView } from "./view.ts";

/** The name of a run of an experiment. */
export const cellName = ({ row, column, seed }: CellRecord): string =>
  `${row}, ${column}, seed ${seed}`;

/** A run of an experiment, as its record has it. */
export function cellView(cell: CellRecord): CellView {
  const { row, column, seed, run, status, accuracy, seconds, message } = cell;
  return { row, column, seed, run, status, accuracy, seconds, message };
}

function gridView(record: ExperimentRecord): GridView {
  const { task, title, question, measure, rows, columns, seeds, paper, scaled, cells } = record;
  const facts = { task, title, question, measure, rows, columns, seeds, paper };
  return { ...facts, differences: scaled, cells: cells.map(cellView), shards: [] };
}

const hasOutcome = ({ status }: CellRecord): boolean => status === "done" || status === "n/c";

/** Sends events of one of a grid's runs. */
export const emitFor = (emit: Emit, { run: key }: CellRecord): EmitRun => (event) =>
  emit({ kind: "run", key, event });

/** Shows an experiment's table. */
export function emitGrid(emit: Emit, record: ExperimentRecord): void {
  const { title, command, device } = record;
  emit({ kind: "session", facts: { title, command, device } });
  emit({ kind: "grid", grid: gridView(record) });
}

/** Shows an experiment that starts or resumes, with the runs that have ended. */
async function emitStart(emit: Emit, { record, folder }: GridStartEvent): Promise<void> {
  emitGrid(emit, record);
  for (const cell of record.cells.filter(hasOutcome)) {
    const described = { name: cellName(cell), settings: cell.settings };
    await replayRun(emitFor(emit, cell), { ...described, folder: `${folder}/${cell.run}` });
  }
}

/** Shows an experiment. */
export const observeGrid = (emit: Emit): Observer<GridEvent> => async (event) => {
  switch (event.kind) {
    case "start":
      return await emitStart(emit, event);
    case "cell start": {
      const cell = { ...cellView(event.cell), status: "running" } as const;
      return emit({ kind: "cell", index: event.index, cell });
    }
    case "run": {
      const observe = observeRun(emitFor(emit, event.cell), cellName(event.cell));
      return await observe(event.event);
    }
    case "cell end":
      return emit({ kind: "cell", index: event.index, cell: cellView(event.cell) });
    case "end":
      return emit(event);
  }
};
