/**
 * What the program and a thread that makes runs say to each other.
 *
 * @module
 */
import type { RunEvent } from "../run/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { DataSource } from "./load_data.ts";
import type { CellOutcome } from "./outcome.ts";

/** What a thread makes runs with. */
export interface WorkerContext {
  /** The results' folder. */
  readonly out: string;
  readonly source: DataSource;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
}

/** What a thread is asked: once for all what it works with, then for runs, at last to stop. */
export type WorkerRequest =
  | { readonly kind: "open"; readonly context: WorkerContext }
  | { readonly kind: "run"; readonly cell: PlannedCell }
  | { readonly kind: "stop" };

/** What a thread answers: what happens in a run, and then what that came to. */
export type WorkerResponse =
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "outcome"; readonly outcome: CellOutcome };
