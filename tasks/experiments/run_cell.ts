/**
 * One run of an experiment: started, resumed where it was cut off, or found to have been made already.
 *
 * @module
 */
import type { Loaded } from "../datasets/load_data.ts";
import type { Observer } from "../run/events.ts";
import { RUN_FILES } from "../run/files.ts";
import { lockNewFolder } from "../run/lock.ts";
import { type Manifest, readManifest } from "../run/manifest.ts";
import type { TaskName } from "../run/settings.ts";
import { runTraining } from "../training/run_training.ts";
import type { TrainingSpec } from "../training/session.ts";
import type { PlannedCell } from "./cells.ts";
import type { Description } from "./description.ts";
import { createLayerProbe } from "./layer_probe.ts";
import {
  type CellOutcome,
  chanceLevel,
  classifyOutcome,
  type Ending,
  hasEnded,
} from "./outcome.ts";

/** What the runs of an experiment are made with. */
export interface CellContext {
  /** The results' folder. */
  readonly out: string;
  readonly trains: TaskName;
  /** What becomes of the images, if not what the training task makes of them. */
  readonly images?: Description["images"] | undefined;
  readonly loadData: (cell: PlannedCell) => Promise<Loaded>;
  /** Ends a run before its time; it can then be resumed. */
  readonly signal: AbortSignal;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
}

/** What a run's manifest says so far, which this program wrote; undefined where it has not started. */
const readEnding = (path: string) => readManifest(path) as Promise<(Ending & Manifest) | undefined>;

/** What a training task is asked for, so that it trains the run or what is left of it. */
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
    // What uses the weights then refuses them, rather than feed them other images.
    preprocessing: images,
    command: ["deno", "task", `train:${trains}`, ...args],
    earlier: manifest && { path, manifest },
    // The folder is locked already.
    claimFolder: () => Promise.resolve({ path, [Symbol.dispose]: () => {} }),
    checkpointEvery,
    signal,
    layerProbe: createLayerProbe,
  };
}

/** Makes a run, unless it has been made already, in its folder; what it came to. */
async function trainCell(
  context: CellContext,
  cell: PlannedCell,
  observer: Observer,
): Promise<CellOutcome> {
  const path = `${context.out}/${cell.run}`, data = await context.loadData(cell);
  using _lock = await lockNewFolder(path);
  const manifest = await readEnding(path);
  if (!manifest || !hasEnded(manifest)) {
    await runTraining(trainingSpec(context, cell, { path, data, manifest }), observer);
  }
  const ending = (await readEnding(path))!;
  if (!hasEnded(ending)) return { status: "pending" };
  await Deno.remove(`${path}/${RUN_FILES.checkpoints}`, { recursive: true }).catch(() => {});
  return classifyOutcome(ending, chanceLevel(data.splits.test.dataset));
}

/** Makes a run, unless it has been made already; what it came to. An error is an outcome too. */
export async function runCell(
  context: CellContext,
  cell: PlannedCell,
  observer: Observer,
): Promise<CellOutcome> {
  try {
    return await trainCell(context, cell, observer);
  } catch (error) {
    return { status: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
