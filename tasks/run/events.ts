/**
 * What happens in a run, as events, and who watches. Training emits; the run's files, progress bars and
 * the live page observe. Events are plain data, which can be sent to another thread.
 *
 * @module
 */
import type { Progress } from "../../src/train/mod.ts";
import type { InitCost, Manifest, RunResults, Status } from "./manifest.ts";
import type { Settings } from "./settings.ts";
import type { EpochRow, LayerRow, LsuvRow, ProfileRow } from "./tables.ts";

/** A checkpoint that a run resumes from. */
export interface ResumedFrom {
  readonly step: number;
  /** Its file. */
  readonly path: string;
  /** The device that wrote it, as its runtime describes it. */
  readonly device: string;
  /** The epochs that had ended by then. */
  readonly epochs: readonly EpochRow[];
}

/** What there is to resume from in the folder of an earlier run. */
export interface Resumed {
  /** The newest checkpoint that is whole; absent if there is none, so that the run starts anew. */
  readonly from?: ResumedFrom | undefined;
  /** For each newer file that is damaged a sentence that says how. */
  readonly damaged: readonly string[];
}

/** A run starts or resumes: its folder is there, its device is open. */
export interface StartEvent {
  readonly kind: "start";
  /** Where it is written. */
  readonly folder: string;
  readonly settings: Settings;
  /** What its manifest says now. */
  readonly manifest: Manifest;
  readonly stepsPerEpoch: number;
  /** Images that it trains on, and that it is tested on after each epoch. */
  readonly images: { readonly train: number; readonly test: number };
  /** Absent in a new run. */
  readonly resumed?: Resumed | undefined;
}

/** The initial parameters are there; only their count, where a checkpoint takes their place. */
export interface InitializationEvent {
  readonly kind: "initialization";
  readonly parameters: number;
  /** What LSUV did; absent without it. */
  readonly report?: readonly LsuvRow[] | undefined;
  /** What they cost, where that was measured. */
  readonly cost?: InitCost | undefined;
}

/** The layers' variances at one moment of training. */
export interface LayersEvent {
  readonly kind: "layers";
  readonly rows: readonly LayerRow[];
}

/** How long training will take from here, said once, as soon as steps have been timed. */
export interface ForecastEvent {
  readonly kind: "forecast";
  readonly seconds: number;
}

/** Now and then between two steps. */
export interface StepEvent {
  readonly kind: "step";
  readonly progress: Progress;
  /** Seconds to the end of the run; absent while no speed is known. */
  readonly secondsLeft?: number | undefined;
}

/** An epoch has ended. */
export interface EpochEvent {
  readonly kind: "epoch";
  readonly row: EpochRow;
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Seconds to the end of the run. */
  readonly secondsLeft?: number | undefined;
}

/** A checkpoint has been written. */
export interface CheckpointEvent {
  readonly kind: "checkpoint";
  readonly step: number;
  /** Seconds that training stood still for it. */
  readonly seconds: number;
}

/** Training is over and its weights are written, before the run says how it ended. */
export interface WeightsEvent {
  readonly kind: "weights";
  /** Their file. */
  readonly path: string;
}

/** Where the time has gone, in a run that was profiled. */
export interface ProfileEvent {
  readonly kind: "profile";
  readonly rows: readonly ProfileRow[];
  /** The same as a table to look at. */
  readonly text: string;
  /** What the manifest says of it. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** A run has ended in good order; it may have diverged. */
export interface EndEvent {
  readonly kind: "end";
  readonly status: Status;
  readonly results: RunResults;
}

/** A run has ended by an error. */
export interface FailureEvent {
  readonly kind: "failure";
  readonly fault: string;
}

/** What happens in a run. */
export type RunEvent =
  | StartEvent
  | InitializationEvent
  | LayersEvent
  | ForecastEvent
  | StepEvent
  | EpochEvent
  | CheckpointEvent
  | WeightsEvent
  | ProfileEvent
  | EndEvent
  | FailureEvent;

/** Who watches: is handed every event in order, and is waited for where it returns a promise. */
export type Observer<Event = RunEvent> = (event: Event) => void | Promise<void>;

/** Several observers as one: each has an event before the next one does. */
export const observers = <Event>(
  ...all: readonly (Observer<Event> | undefined)[]
): (event: Event) => Promise<void> =>
async (event) => {
  for (const observe of all) await observe?.(event);
};
