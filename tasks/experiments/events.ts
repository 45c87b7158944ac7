/**
 * What happens in an experiment, as events. The grid emits; the files of results, the terminal and the
 * live page observe.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import type { CellRecord, ExperimentRecord } from "./record.ts";

/** An experiment starts or resumes. */
export interface GridStartEvent {
  readonly kind: "start";
  /** The results' folder. */
  readonly folder: string;
  /** What it is, and the outcomes of before. */
  readonly record: ExperimentRecord;
}

/** A run is being made. */
export interface CellStartEvent {
  readonly kind: "cell start";
  /** Its place in the record. */
  readonly index: number;
  readonly cell: CellRecord;
}

/** Something happens in a run that is being made. */
export interface CellRunEvent {
  readonly kind: "run";
  readonly cell: CellRecord;
  readonly event: RunEvent;
}

/** A run has come to something; it may have failed, or be pending where it was cut off. */
export interface CellEndEvent {
  readonly kind: "cell end";
  readonly index: number;
  readonly cell: CellRecord;
  /** The whole, with what the run came to. */
  readonly record: ExperimentRecord;
}

/** No more runs are made, and everything is written. */
export interface GridEndEvent {
  readonly kind: "end";
  readonly status: "finished" | "stopped";
}

/** What happens in an experiment. */
export type GridEvent =
  | GridStartEvent
  | CellStartEvent
  | CellRunEvent
  | CellEndEvent
  | GridEndEvent;
