/**
 * The messages between the program and a worker that trains runs.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { DataSource } from "./load_data.ts";
import type { CellOutcome } from "./outcome.ts";

/** The context in which a worker trains runs. */
export interface WorkerContext {
  /** The results' folder. */
  readonly out: string;
  readonly source: DataSource;
  /** Seconds between checkpoints. */
  readonly checkpointEvery: number;
  /** Whether other programs train runs of the same grid. */
  readonly shared?: boolean | undefined;
}

/** A request to a worker: to open its context once, then to train runs, finally to stop. */
export type WorkerRequest =
  | { readonly kind: "open"; readonly context: WorkerContext }
  | { readonly kind: "run"; readonly cell: PlannedCell }
  | { readonly kind: "stop" };

/** A response of a worker: the events of a run, and then its outcome. */
export type WorkerResponse =
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "outcome"; readonly outcome: CellOutcome };
