/**
 * One run of an experiment: made, gone on with, or found to have been made already.
 *
 * @module
 */
import type { Loaded } from "../datasets/load_data.ts";
import { holdNew } from "../run/lock.ts";
import type { Reporter } from "../cli/progress.ts";
import { nameOf } from "../live/observe_grid.ts";
import type { Teller } from "../live/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { Description } from "./description.ts";
import { type CellOutcome, chanceLevel, classifyOutcome, hasEnded } from "./outcome.ts";
import { readEnding, runCell } from "./run_cell.ts";
import type { TaskName } from "../run/settings.ts";

/** What a run of an experiment is made with. */
export interface Making {
  /** The results' folder. */
  readonly out: string;
  readonly trains: TaskName;
  /** What became of the images, if not what the training task makes of them. */
  readonly images?: Description["images"] | undefined;
  /** The data of a run. */
  readonly dataOf: (cell: PlannedCell) => Promise<Loaded>;
  readonly reporter: Reporter;
  /** Ends it before its time; it can then be gone on with. */
  readonly signal: AbortSignal;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /** The live page. */
  readonly watch?: Teller | undefined;
}

/** Makes a run, unless it has been made already; what it came to. */
export async function makeCell(grid: Making, cell: PlannedCell): Promise<CellOutcome> {
  const { out, trains, images, reporter, signal, checkpointEvery, watch } = grid;
  const { args, settings } = cell;
  const path = `${out}/${cell.run}`;
  try {
    const loaded = await grid.dataOf(cell), chance = chanceLevel(loaded.splits.test.dataset);
    using _alone = await holdNew(path);
    const before = await readEnding(path);
    if (!before || !hasEnded(before)) {
      const own = { ...settings, dataset: loaded.dataset };
      const shown = watch && { watch, key: cell.run, name: nameOf(cell) };
      const how = { reporter, signal, checkpointEvery, shown };
      await runCell({ path, trains, args, settings: own, loaded, images, ...how });
    }
    const ending = (await readEnding(path))!;
    if (!hasEnded(ending)) return { status: "pending" };
    await Deno.remove(`${path}/checkpoints`, { recursive: true }).catch(() => {});
    return classifyOutcome(ending, chance);
  } catch (error) {
    return { status: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
