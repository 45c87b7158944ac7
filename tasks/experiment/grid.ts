/**
 * The runs of an experiment one after another, each noted as it ends.
 *
 * @module
 */
import type { Loaded } from "../data_source.ts";
import type { Reporter } from "../progress.ts";
import type { PlannedCell } from "./cells.ts";
import type { Description } from "./description.ts";
import { chanceLevel, hasEnded, outcomeOf } from "./outcome.ts";
import type { CellOutcome, CellRecord, ExperimentRecord } from "./record.ts";
import { writeRecord } from "./record.ts";
import { writeResults } from "./results_csv.ts";
import { readEnding, runCell } from "./run_cell.ts";
import { outcomeLine } from "./table.ts";
import type { TaskName } from "../train_options.ts";

/** What a grid is run with. */
export interface Grid {
  /** The results' folder. */
  readonly out: string;
  readonly record: ExperimentRecord;
  readonly cells: readonly PlannedCell[];
  readonly trains: TaskName;
  /** What became of the images, if not what the training task makes of them. */
  readonly images?: Description["images"];
  /** The data of a run. */
  readonly dataOf: (cell: PlannedCell) => Promise<Loaded>;
  readonly reporter: Reporter;
  /** Ends it before its time; it can then be gone on with. */
  readonly signal: AbortSignal;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
}

/** Makes a run, unless it has been made already; what it came to. */
async function outcome(grid: Grid, cell: PlannedCell): Promise<CellOutcome> {
  const { out, trains, images, reporter, signal, checkpointEvery } = grid;
  const { args, settings } = cell;
  const path = `${out}/${cell.run}`;
  try {
    const loaded = await grid.dataOf(cell), chance = chanceLevel(loaded.splits.test.dataset);
    const before = await readEnding(path);
    if (!before || !hasEnded(before)) {
      const own = { ...settings, dataset: loaded.dataset };
      const how = { reporter, signal, checkpointEvery };
      await runCell({ path, trains, args, settings: own, loaded, images, ...how });
    }
    const ending = (await readEnding(path))!;
    if (!hasEnded(ending)) return { status: "pending" };
    await Deno.remove(`${path}/checkpoints`, { recursive: true }).catch(() => {});
    return outcomeOf(ending, chance);
  } catch (error) {
    return { status: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

const isOpen = ({ status }: CellRecord) => status === "pending" || status === "failed";

/**
 * Makes the runs that have not ended, and writes `experiment.json` and `results.csv` after each. One
 * that does not converge or fails does not keep the others from being made.
 *
 * @returns What all runs came to.
 */
export async function runGrid(grid: Grid): Promise<ExperimentRecord> {
  const { out, cells, reporter, signal } = grid;
  let { record } = grid;
  const note = async (at: number, came: CellOutcome) => {
    const { row, column, seed, run, command, settings } = record.cells[at];
    const cell = { row, column, seed, run, command, settings, ...came };
    record = { ...record, cells: record.cells.with(at, cell) };
    await writeRecord(out, record);
    await writeResults(out, record);
    return cell;
  };
  await writeRecord(out, record);
  await writeResults(out, record);
  for (const [at, cell] of cells.entries()) {
    if (signal.aborted) break;
    if (!isOpen(record.cells[at])) continue;
    await reporter.say(
      `[${at + 1}/${cells.length}] ${cell.row}, ${cell.column}, seed ${cell.seed}`,
    );
    const noted = await note(at, await outcome(grid, cell));
    await reporter.say(outcomeLine(record, noted));
  }
  return record;
}
