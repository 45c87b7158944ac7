/**
 * The progress of an experiment on the terminal: the current run, its progress and its outcome.
 *
 * @module
 */
import { counted, grouped, roughly } from "../cli/format.ts";
import type { Reporter } from "../cli/progress.ts";
import type { Observer } from "../run/events.ts";
import { showProgress } from "../training/show_progress.ts";
import type { CellStartEvent, GridEvent, GridStartEvent } from "./events.ts";
import type { CellRecord } from "./record.ts";
import { isOpen } from "./outcome.ts";
import { outcomeLine } from "./results_table.ts";

const startLine = ({ index, cell: { row, column, seed } }: CellStartEvent, count: number): string =>
  `[${index + 1}/${count}] ${row}, ${column}, seed ${seed}`;

/** Images that a run trains on in all its epochs; undefined where it takes all images of its data. */
const imagesTrained = ({ settings: { epochs, subset } }: CellRecord): number | undefined =>
  subset === undefined ? undefined : epochs * subset;

/** What there is to train, before the first run. */
function planLine({ record: { cells }, open }: GridStartEvent): string {
  const images = open.map((index) => imagesTrained(cells[index]!));
  const ended = cells.filter((cell) => !isOpen(cell)).length;
  const known = images.every((count) => count !== undefined);
  return [
    counted(open.length, "run") + (ended > 0 ? ` to go, ${ended} done` : ""),
    ...(known ? [`${grouped(images.reduce((a, b) => a + b, 0))} images to train on`] : []),
    "a forecast follows the first run",
  ].join("; ");
}

/**
 * How long the runs that are left will take at the speed of those that this program has trained, in parallel
 * as those were; undefined where none has ended or none is left.
 */
export function forecastLine(
  trained: readonly CellRecord[],
  left: number,
  jobs: number,
): string | undefined {
  const seconds = trained.flatMap(({ seconds }) => seconds ?? []);
  if (seconds.length === 0 || left === 0) return undefined;
  const mean = seconds.reduce((a, b) => a + b, 0) / seconds.length;
  return `${counted(left, "run")} left, about ${roughly(Math.ceil(left / jobs) * mean)}`;
}

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
  let count = 0, left = 0;
  const trained: CellRecord[] = [];
  return async (event) => {
    switch (event.kind) {
      case "start":
        count = event.record.cells.length;
        left = event.open.length;
        if (left > 0) await reporter.say(planLine(event));
        return;
      case "cell start":
        return await reporter.say(startLine(event, count));
      case "run": {
        const own = jobs === 1 ? reporter : prefixed(reporter, event.cell);
        return await showProgress(own)(event.event);
      }
      case "cell end": {
        trained.push(event.cell);
        const forecast = forecastLine(trained, --left, jobs);
        return await reporter.say(
          outcomeLine(event.record, event.cell) + (forecast ? ` | ${forecast}` : ""),
        );
      }
    }
  };
}
