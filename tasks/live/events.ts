/**
 * The events that are sent to the live page: those of runs, and those of the experiment.
 *
 * @module
 */
import type { EpochEvent, InitializationEvent, LayersEvent, StepEvent } from "../run/events.ts";
import type { Run } from "../run/read_run.ts";
import type { CellView, GridView, RunFacts, ShardView, View } from "./view.ts";

/** The tables that a run had recorded before it is shown. */
export type RunTables = Pick<Run, "epochs" | "lsuv" | "layers">;

/** An event of a run. */
export type LiveRunEvent =
  /** It starts or resumes, in this program unless it is elsewhere. */
  | { readonly kind: "start"; readonly facts: RunFacts; readonly isElsewhere?: boolean }
  | { readonly kind: "recorded"; readonly tables: RunTables }
  | Pick<InitializationEvent, "kind" | "report">
  | LayersEvent
  | StepEvent
  | Omit<EpochEvent, "epochs">
  | { readonly kind: "status"; readonly status: string; readonly fault?: string | undefined };

/** An event of the live page. */
export type LiveEvent =
  | {
    readonly kind: "session";
    readonly facts: Partial<Pick<View, "title" | "command" | "device" | "began">>;
  }
  | { readonly kind: "grid"; readonly grid: GridView }
  | { readonly kind: "cell"; readonly index: number; readonly cell: CellView }
  | { readonly kind: "shards"; readonly shards: readonly ShardView[] }
  /** An event of the run with a key, which is empty for a single run. */
  | { readonly kind: "run"; readonly key: string; readonly event: LiveRunEvent }
  /** The task has ended. */
  | { readonly kind: "end"; readonly status: string };

/** Sends an event to the live page; returns at once. */
export type Emit = (event: LiveEvent) => void;
