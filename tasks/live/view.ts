/**
 * The view: everything that the live page shows, as plain values. The server stores it, and each page has a
 * copy.
 *
 * @module
 */
import type { PaperNumbers } from "../experiments/description.ts";
import type { Measure } from "../experiments/measure.ts";
import type { EpochRow } from "../run/tables.ts";

/** The mean over some steps of training, at the last of them. */
export type StepPoint = readonly [
  step: number,
  steps: number,
  loss: number,
  accuracy: number,
  imagesPerSecond: number,
];

/** The indices of the fields of a {@linkcode StepPoint}. */
export const STEP_POINT = { step: 0, steps: 1, loss: 2, accuracy: 3, imagesPerSecond: 4 } as const;

/** The variances of a layer before and after LSUV, by maxout piece. */
export interface LayerScaling {
  readonly name: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The variances of all layers at a moment of training. */
export interface LayerSnapshot {
  /** Such as `after lsuv` or `epoch 1`. */
  readonly phase: string;
  readonly names: readonly string[];
  readonly activation: readonly number[];
  readonly gradient: readonly number[];
}

/** The progress of a run. */
export interface Now {
  readonly step: number;
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number;
  readonly imagesPerSecond: number;
  /** Seconds to its end; null where unknown. */
  readonly left: number | null;
}

/** The facts about a run that are known from its start. */
export interface RunFacts {
  readonly name: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batch: number;
  /** Epochs after which the rate drops. */
  readonly drops: readonly number[];
  readonly loss: string;
  /** The variances within LSUV's tolerance. */
  readonly within: readonly [number, number] | null;
  /** Its folder. */
  readonly folder: string;
}

/** A run. */
export interface RunView extends RunFacts {
  status: string;
  fault: string | null;
  now: Now | null;
  points: readonly StepPoint[];
  rows: readonly EpochRow[];
  scaling: readonly LayerScaling[];
  /** Layers at its start, and then after epochs. */
  initial: readonly LayerSnapshot[];
  snapshots: readonly LayerSnapshot[];
}

/** A run of a grid. */
export interface CellView {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  /** The key of its run. */
  readonly run: string;
  /** `n/c` is not converged. */
  readonly status: "pending" | "running" | "done" | "n/c" | "failed";
  readonly accuracy?: number | undefined;
  readonly seconds?: number | undefined;
  readonly message?: string | undefined;
}

/** What a program does that shares a grid's runs: `silent` has given no sign of life for a while. */
export type ShardState = "training" | "waiting" | "silent" | "gone";

/** A program that shares a grid's runs with others. */
export interface ShardView {
  /** Such as `3 of 20`; null where it is not registered. */
  readonly name: string | null;
  /** The job of a scheduler in which it runs. */
  readonly job: string | null;
  readonly host: string;
  readonly process: number;
  readonly state: ShardState;
  /** The runs that it trains. */
  readonly runs: readonly string[];
  /** When the first of them began, or the program if it trains none, in milliseconds since 1970. */
  readonly began: number;
  /** Seconds since its last sign of life. */
  readonly silent: number;
}

/** An experiment. */
export interface GridView {
  readonly task: string;
  readonly title: string;
  readonly question: string;
  readonly measure: Measure;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly seeds: readonly number[];
  readonly paper: PaperNumbers | null;
  /** What differs from the paper, a sentence each. */
  readonly differences: readonly string[];
  cells: readonly CellView[];
  /** The programs that share the runs; empty where one trains all. */
  shards: readonly ShardView[];
}

/** The view of the page. */
export interface View {
  /** Identifies the program; another program has another session. */
  readonly session: string;
  title: string;
  command: string;
  device: string;
  /** `preparing`, `running`, `finished`, `stopped`, `failed`, or `diverged at step N`. */
  status: string;
  began: number;
  ended: number | null;
  /** The key of the run that is training, or trained last. */
  current: string | null;
  grid: GridView | null;
  readonly runs: Record<string, RunView>;
}
