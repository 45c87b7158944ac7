/**
 * The small experiment's `experiment.json`, for tests.
 *
 * @module
 */
import { planCells } from "../../../tasks/experiments/cells.ts";
import type { RunOptions } from "../../../tasks/experiments/description.ts";
import type { ExperimentRecord } from "../../../tasks/experiments/record.ts";
import { SMALL } from "./small.ts";

/** What the small experiment's file holds before its first run. */
export function recordOf(
  { seeds = [0] }: { seeds?: readonly number[] } = {},
  options: RunOptions = {},
): ExperimentRecord {
  const { task, title, question, measure, paper, rows, columns } = SMALL;
  return {
    format: 1,
    task,
    title,
    question,
    measure,
    paper,
    rows: rows.map(({ name }) => name),
    columns: columns.map(({ name }) => name),
    seeds,
    scaled: ["it is small"],
    command: `deno task ${task}`,
    version: "1.2.3",
    device: "cpu",
    dataset: { name: "mnist", fingerprint: "a".repeat(64), train: 24, test: 20, note: "" },
    startedAt: "2026-01-01T00:00:00.000Z",
    cells: planCells(SMALL, { length: "cpu", seeds, options }).map((
      { row, column, seed, run, settings },
    ) => ({ row, column, seed, run, settings, command: "", status: "pending" })),
  };
}
