/**
 * The events of an experiment. The grid emits them; the files of results, the terminal and the live page
 * observe them.
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
  /** Its record, with the outcomes so far. */
  readonly record: ExperimentRecord;
  /** The indices of the runs that are to be trained. */
  readonly open: readonly number[];
}

/** A run starts. */
export interface CellStartEvent {
  readonly kind: "cell start";
  /** Its index in the record. */
  readonly index: number;
  readonly cell: CellRecord;
}

/** An event of a run. */
export interface CellRunEvent {
  readonly kind: "run";
  readonly cell: CellRecord;
  readonly event: RunEvent;
}

/** A run has an outcome; it may have failed, or be pending where it was interrupted. */
export interface CellEndEvent {
  readonly kind: "cell end";
  readonly index: number;
  readonly cell: CellRecord;
  /** The whole record, with the outcome of the run. */
  readonly record: ExperimentRecord;
}

/** All runs are over, and everything is written. */
export interface GridEndEvent {
  readonly kind: "end";
  readonly status: "finished" | "stopped";
}

/** An event of an experiment. */
export type GridEvent =
  | GridStartEvent
  | CellStartEvent
  | CellRunEvent
  | CellEndEvent
  | GridEndEvent;
