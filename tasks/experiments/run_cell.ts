/**
 * One run of an experiment in its folder: started, or resumed where it was cut off.
 *
 * @module
 */
import type { Reporter } from "../cli/progress.ts";
import type { Loaded } from "../datasets/load_data.ts";
import { observeRun, type Place } from "../live/observe_run.ts";
import { observers } from "../run/events.ts";
import type { Manifest } from "../run/manifest.ts";
import { readJson } from "../run/read_file.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import { runTraining } from "../training/run_training.ts";
import { showProgress } from "../training/show_progress.ts";
import type { Description } from "./description.ts";
import { layerMeter } from "./layer_probe.ts";
import type { Ending } from "./outcome.ts";

/** What a run is made of. */
export interface CellWork {
  /** Its folder. */
  readonly path: string;
  readonly trains: TaskName;
  readonly args: readonly string[];
  readonly settings: Settings;
  readonly loaded: Loaded;
  /** What became of the images, if not what the training task makes of them. */
  readonly images?: Description["images"] | undefined;
  readonly reporter: Reporter;
  /** Ends it before its time; it can then be resumed. */
  readonly signal: AbortSignal;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /** The live page, and what the run is called there. */
  readonly shown?: Place & { readonly name: string } | undefined;
}

/** What a run's manifest says so far; undefined where nothing has begun. */
export const readEnding = (path: string): Promise<(Ending & Manifest) | undefined> =>
  readJson(`${path}/manifest.json`) as Promise<(Ending & Manifest) | undefined>;

/** Makes a run, or what is left to make of it. Its manifest then says what it came to. */
export async function runCell(work: CellWork): Promise<void> {
  const { path, trains, args, settings, loaded, images, reporter, shown } = work;
  const { signal, checkpointEvery } = work, manifest = await readEnding(path);
  await runTraining({
    task: trains,
    settings,
    data: loaded,
    // What uses the weights then refuses them, rather than feed them other images.
    preprocessing: images,
    command: ["deno", "task", `train:${trains}`, ...args],
    earlier: manifest && { path, manifest },
    // The folder is locked already.
    claimFolder: () => Promise.resolve({ path, [Symbol.dispose]: () => {} }),
    checkpointEvery,
    signal,
    layerProbe: layerMeter,
  }, observers(shown && observeRun(shown, () => shown.name), showProgress(reporter)));
}
