/**
 * The events of a run and their observers. Training emits events; the run's files, progress bars and the
 * live page observe them. Events are plain data, which can be sent to another thread.
 *
 * @module
 */
import type { Progress } from "../../src/train/mod.ts";
import type { InitCost, Manifest, MemoryFacts, RunResults, Status } from "./manifest.ts";
import type { Settings } from "./settings.ts";
import type { EpochRow, LayerRow, LsuvRow, ProfileRow, StageRow } from "./tables.ts";

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
  /** The newest intact checkpoint; absent if there is none, so that the run starts over. */
  readonly from?: ResumedFrom | undefined;
  /** A sentence for each newer file that is damaged. */
  readonly damaged: readonly string[];
}

/** A run starts or resumes: its folder exists, its device is open. */
export interface StartEvent {
  readonly kind: "start";
  /** The run's folder. */
  readonly folder: string;
  readonly settings: Settings;
  /** Its manifest as written now. */
  readonly manifest: Manifest;
  readonly stepsPerEpoch: number;
  /** Counts of the images that it trains on, and is tested on after each epoch. */
  readonly images: { readonly train: number; readonly test: number };
  /** Absent in a new run. */
  readonly resumed?: Resumed | undefined;
}

/** The initial parameters are computed; only counted, where a checkpoint replaces them. */
export interface InitializationEvent {
  readonly kind: "initialization";
  readonly parameters: number;
  /** What LSUV did; absent without it. */
  readonly report?: readonly LsuvRow[] | undefined;
  /** What they cost, where that was measured. */
  readonly cost?: InitCost | undefined;
}

/** An epoch of what is trained before the whole net has ended. */
export interface StageEvent {
  readonly kind: "stage";
  readonly row: StageRow;
  /** The stage's index, from 0, and the number of stages. */
  readonly index: number;
  readonly count: number;
}

/** The layers' variances at one moment of training. */
export interface LayersEvent {
  readonly kind: "layers";
  readonly rows: readonly LayerRow[];
}

/** The memory that training needs is known; its first step follows. */
export interface MemoryEvent {
  readonly kind: "memory";
  readonly memory: MemoryFacts;
}

/** How long training will take from here, emitted once, as soon as steps have been timed. */
export interface ForecastEvent {
  readonly kind: "forecast";
  readonly seconds: number;
}

/** The progress, from time to time between two steps. */
export interface StepEvent {
  readonly kind: "step";
  readonly progress: Progress;
  /** Seconds to the end of the run; absent while no speed is known. */
  readonly secondsLeft?: number | undefined;
}

/** The training loss after every so many steps, and after an epoch, of a run that records it. */
export interface LossEvent {
  readonly kind: "loss";
  /** Steps since the start of the run. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** The mean over the steps since the start of the epoch. */
  readonly epochLoss: number;
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
  /** Seconds for which training was paused. */
  readonly seconds: number;
}

/** Training is over and its weights are written; the run's end follows. */
export interface WeightsEvent {
  readonly kind: "weights";
  /** Their file. */
  readonly path: string;
}

/** Where the time went, in a run that was profiled. */
export interface ProfileEvent {
  readonly kind: "profile";
  readonly rows: readonly ProfileRow[];
  /** The same as a table for the terminal. */
  readonly text: string;
  /** The summary for the manifest. */
  readonly summary: Readonly<Record<string, unknown>>;
}

/** A run has ended in good order; it may have diverged. */
export interface EndEvent {
  readonly kind: "end";
  readonly status: Status;
  readonly results: RunResults;
}

/** A run has ended with an error. */
export interface FailureEvent {
  readonly kind: "failure";
  readonly fault: string;
}

/** An event of a run. */
export type RunEvent =
  | StartEvent
  | InitializationEvent
  | StageEvent
  | LayersEvent
  | MemoryEvent
  | ForecastEvent
  | StepEvent
  | LossEvent
  | EpochEvent
  | CheckpointEvent
  | WeightsEvent
  | ProfileEvent
  | EndEvent
  | FailureEvent;

/** A function that receives every event in order; it is awaited where it returns a promise. */
export type Observer<Event = RunEvent> = (event: Event) => void | Promise<void>;

/** Several observers as one, called one after another. */
export const observers = <Event>(
  ...all: readonly (Observer<Event> | undefined)[]
): (event: Event) => Promise<void> =>
async (event) => {
  for (const observe of all) await observe?.(event);
};
