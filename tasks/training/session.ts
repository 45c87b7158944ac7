/**
 * A run at work: what a training is asked for, and what it works with.
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
import type { Earlier } from "../run/resume.ts";
import type { RunFolder } from "../run/run_folder.ts";
import type { Settings, TaskName } from "../run/settings.ts";
import type { LayerRow } from "../run/tables.ts";

/** When a net's layers are looked at. */
export interface Moment {
  readonly step: number;
  /** `before lsuv`, `after lsuv`, `initial` without it, or `epoch 1`. */
  readonly phase: string;
}

/** Measures the layers of a net with these parameters; a row a layer. */
export type LayerProbe = (params: Params, at: Moment) => Promise<readonly LayerRow[]>;

/** Makes the probe of a run. */
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

/** A run that is to be trained. */
export interface TrainingSpec {
  readonly task: TaskName;
  readonly settings: Settings;
  readonly data: Loaded;
  /** How its images are preprocessed, if not as the task does it; the weights file says so. */
  readonly preprocessing?: string | undefined;
  /** The command line that trains it. */
  readonly command: readonly string[];
  /** When that was given; now if left out. */
  readonly started?: Date | undefined;
  /** The run to resume; absent in a new one. */
  readonly earlier?: Earlier | undefined;
  /** Makes the folder of a new run and locks it, once the device is open. */
  readonly claimFolder: () => Promise<ClaimedFolder>;
  /** Threads that compute, where they are others than the settings say. */
  readonly threads?: number | undefined;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /** Ends it before its time; it can then be resumed. */
  readonly signal: AbortSignal;
  /** Whether the time of each kernel is measured. */
  readonly profile?: boolean;
  /** Looks at the layers at the start and after each epoch; what initialization costs is then measured too. */
  readonly layerProbe?: MakeLayerProbe | undefined;
}

/** A run at work. */
export interface Session {
  readonly spec: TrainingSpec;
  readonly run: Runtime;
  readonly net: Model;
  readonly settings: Settings;
  readonly splits: PreparedSplits;
  readonly folder: RunFolder;
  /** What the weights file is to say of the net. */
  readonly model: Readonly<Record<string, string>>;
  /** What there is to resume from; absent in a new run. */
  readonly resume: FoundCheckpoint | undefined;
  /** What `performance.now()` was when the session began. */
  readonly began: number;
  /** Hands an event to all that observe. */
  readonly emit: (event: RunEvent) => Promise<void>;
}

/** Seconds of training: of this session, and of earlier ones up to their checkpoints. */
export const secondsTrained = ({ began, resume }: Pick<Session, "began" | "resume">): number =>
  (resume?.checkpoint?.elapsed ?? 0) + (performance.now() - began) / 1000;

/** Seconds to the millisecond, as a manifest has them. */
export const roundMillis = (seconds: number): number => Number(seconds.toFixed(3));
