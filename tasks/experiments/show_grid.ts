/**
 * The progress of an experiment on the terminal: the current run, its progress and its outcome.
 *
 * @module
 */
import type { Reporter } from "../cli/progress.ts";
import type { Observer } from "../run/events.ts";
import { showProgress } from "../training/show_progress.ts";
import type { CellStartEvent, GridEvent } from "./events.ts";
import type { CellRecord } from "./record.ts";
import { outcomeLine } from "./results_table.ts";

const startLine = ({ index, cell: { row, column, seed } }: CellStartEvent, count: number): string =>
  `[${index + 1}/${count}] ${row}, ${column}, seed ${seed}`;

/** A reporter of one of several parallel runs: its lines are prefixed, and there is no bar. */
const prefixed = (reporter: Reporter, { run }: CellRecord): Reporter => ({
  say: (line) => reporter.say(`${run}: ${line}`),
  progress: () => {},
  stop: () => Promise.resolve(),
});

/**
 * Shows an experiment.
 *
 * @param jobs How many runs are trained in parallel.
 */
export function showGrid(reporter: Reporter, jobs: number): Observer<GridEvent> {
  let count = 0;
  return async (event) => {
    switch (event.kind) {
      case "start":
        count = event.record.cells.length;
        return;
      case "cell start":
        return await reporter.say(startLine(event, count));
      case "run": {
        const own = jobs === 1 ? reporter : prefixed(reporter, event.cell);
        return await showProgress(own)(event.event);
      }
      case "cell end":
        return await reporter.say(outcomeLine(event.record, event.cell));
    }
  };
}
