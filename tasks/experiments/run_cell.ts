/**
 * One run of an experiment: started, resumed where it was interrupted, or skipped where it has ended.
 *
 * @module
 */
import type { Loaded } from "../datasets/load_data.ts";
import type { Observer } from "../run/events.ts";
import { RUN_FILES } from "../run/files.ts";
import { lockNewFolder } from "../run/lock.ts";
import { LockedError } from "../run/owner.ts";
import type { Manifest } from "../run/manifest.ts";
import { readEnding } from "./ending.ts";
import { taskCommand, type TaskName } from "../run/settings.ts";
import { runTraining } from "../training/run_training.ts";
import type { TrainingSpec } from "../training/session.ts";
import type { PlannedCell } from "./cells.ts";
import type { Description } from "./description.ts";
import { retest } from "./retest.ts";
import { createLayerProbe } from "./layer_probe.ts";
import { type CellOutcome, chanceLevel, classifyOutcome, hasEnded } from "./outcome.ts";

/** The context in which the runs of an experiment are trained. */
export interface CellContext {
  /** The results' folder. */
  readonly out: string;
  readonly trains: TaskName;
  /** The preprocessing of the images, if not the training task's. */
  readonly images?: Description["images"] | undefined;
  readonly loadData: (cell: PlannedCell) => Promise<Loaded>;
  /** Stops a run early; it can then be resumed. */
  readonly signal: AbortSignal;
  /** Seconds between checkpoints. */
  readonly checkpointEvery: number;
  /** Whether other programs train runs of the same grid, so that one which is theirs is left to them. */
  readonly shared?: boolean | undefined;
}

/** The specification of the training, new or resumed. */
function trainingSpec(
  { trains, images, signal, checkpointEvery }: CellContext,
  { args, settings }: PlannedCell,
  { path, data, manifest }: {
    readonly path: string;
    readonly data: Loaded;
    readonly manifest: Manifest | undefined;
  },
): TrainingSpec {
  return {
    task: trains,
    settings: { ...settings, dataset: data.dataset },
    data,
    // Tasks that read the weights then reject them, rather than preprocess images differently.
    preprocessing: images,
    command: ["deno", "task", taskCommand(trains), ...args],
    earlier: manifest && { path, manifest },
    // The folder is locked already.
    claimFolder: () => Promise.resolve({ path, [Symbol.dispose]: () => {} }),
    checkpointEvery,
    signal,
    layerProbe: createLayerProbe,
  };
}

/** Trains a run in its folder, unless it has ended already; returns its outcome. */
async function trainCell(
  context: CellContext,
  cell: PlannedCell,
  observer: Observer,
): Promise<CellOutcome> {
  const path = `${context.out}/${cell.run}`, data = await context.loadData(cell);
  using _lock = await lockNewFolder(path);
  const manifest = await readEnding(path);
  if (!manifest || !hasEnded(manifest)) {
    if (cell.retests) await retest(context.out, cell, data);
    else await runTraining(trainingSpec(context, cell, { path, data, manifest }), observer);
  }
  const ending = (await readEnding(path))!;
  if (!hasEnded(ending)) return { status: "pending" };
  await Deno.remove(`${path}/${RUN_FILES.checkpoints}`, { recursive: true }).catch(() => {});
  return classifyOutcome(ending, chanceLevel(data.splits.test.dataset));
}

/** Trains a run, unless it has ended already; returns its outcome. An error is an outcome too. */
export async function runCell(
  context: CellContext,
  cell: PlannedCell,
  observer: Observer,
): Promise<CellOutcome> {
  try {
    return await trainCell(context, cell, observer);
  } catch (error) {
    if (context.shared && error instanceof LockedError) return { status: "pending" };
    return { status: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
