/**
 * A session of a run: the specification of the training, and what it works with.
 *
 * @module
 */
import type { Prepared, PreparedSplits } from "../../src/data/mod.ts";
import type { Model } from "../../src/models/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params } from "../../src/tensor.ts";
import type { FoundCheckpoint } from "../../src/train/mod.ts";
import type { Loaded } from "../datasets/load_data.ts";
import type { RunEvent } from "../run/events.ts";
import type { OpenModel } from "../models/open.ts";
import type { Earlier } from "../run/resume.ts";
import type { RunFolder } from "../run/run_folder.ts";
import type { ProcessGroup } from "./processes/group.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import type { LayerRow } from "../run/tables.ts";

/** A moment at which a net's layers are measured. */
export interface Moment {
  readonly step: number;
  /** `before lsuv`, `after lsuv`, `initial` without it, or `epoch 1`. */
  readonly phase: string;
}

/** Measures the layers of a net with these parameters; one row per layer. */
export type LayerProbe = (params: Params, at: Moment) => Promise<readonly LayerRow[]>;

/** Creates the probe of a run. */
export type MakeLayerProbe = (
  run: Runtime,
  net: Model,
  settings: Settings,
  train: Prepared,
) => LayerProbe;

/** A folder that no other program writes to until this is disposed of. */
export interface ClaimedFolder extends Disposable {
  readonly path: string;
}

/** The specification of a run to train. */
export interface TrainingSpec {
  readonly task: TaskName;
  readonly settings: Settings;
  readonly data: Loaded;
  /** The preprocessing of its images for the weights file, if not the task's. */
  readonly preprocessing?: string | undefined;
  /** Its command line. */
  readonly command: readonly string[];
  /** When the command was given; now if left out. */
  readonly started?: Date | undefined;
  /** The run to resume; absent in a new one. */
  readonly earlier?: Earlier | undefined;
  /** Makes the folder of a new run and locks it, once the device is open. */
  readonly claimFolder: () => Promise<ClaimedFolder>;
  /** The number of threads, where it differs from the settings. */
  readonly threads?: number | undefined;
  /** Whether products run in machine code where they may; true if left out. */
  readonly native?: boolean;
  /** Seconds between checkpoints. */
  readonly checkpointEvery: number;
  /** Stops it early; it can then be resumed. */
  readonly signal: AbortSignal;
  /** Whether the time of each kernel is measured. */
  readonly profile?: boolean;
  /** Measures the layers at the start and after each epoch; with it the cost of initialization is measured too. */
  readonly layerProbe?: MakeLayerProbe | undefined;
  /** The processes that train it together; this one alone if left out. */
  readonly group?: ProcessGroup | undefined;
}

/** The folder of a run, as far as training itself uses it. */
export type TrainingFolder = Pick<
  RunFolder,
  "path" | "checkpoints" | "stageCheckpoints" | "weights" | "whitening"
>;

/** A session of a run. */
export interface RunSession {
  readonly spec: TrainingSpec;
  readonly run: Runtime;
  readonly net: Model;
  readonly settings: Settings;
  readonly splits: PreparedSplits;
  readonly folder: TrainingFolder;
  /** The trained net that it learns from, if any. */
  readonly teacher: OpenModel | undefined;
  /** The metadata of the weights file. */
  readonly model: Readonly<Record<string, string>>;
  /** The checkpoint to resume from; absent in a new run. */
  readonly resume: FoundCheckpoint | undefined;
  /** `performance.now()` at the start of the session. */
  readonly began: number;
  /** Passes an event to all observers. */
  readonly emit: (event: RunEvent) => Promise<void>;
}

/** Seconds of training: of this session and of earlier ones, up to the checkpoint resumed from. */
export const secondsTrained = ({ began, resume }: Pick<RunSession, "began" | "resume">): number =>
  (resume?.checkpoint?.elapsed ?? 0) + (performance.now() - began) / 1000;

/** Seconds rounded to milliseconds, for the manifest. */
export const roundMillis = (seconds: number): number => Number(seconds.toFixed(3));
