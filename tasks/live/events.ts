/**
 * What the live page is sent: events of a run, and of what it is a part of.
 *
 * @module
 */
import type { EpochEvent, InitializationEvent, LayersEvent, StepEvent } from "../run/events.ts";
import type { Run } from "../run/read_run.ts";
import type { CellView, GridView, RunFacts, View } from "./view.ts";

/** What a run had recorded before it is shown. */
export type RunTables = Pick<Run, "epochs" | "lsuv" | "layers">;

/** What happens in a run. */
export type LiveRunEvent =
  /** It starts or resumes. */
  | { readonly kind: "start"; readonly facts: RunFacts }
  | { readonly kind: "recorded"; readonly tables: RunTables }
  | Pick<InitializationEvent, "kind" | "report">
  | LayersEvent
  | StepEvent
  | Omit<EpochEvent, "epochs">
  | { readonly kind: "status"; readonly status: string; readonly fault?: string | undefined };

/** What happens. */
export type LiveEvent =
  | {
    readonly kind: "session";
    readonly facts: Partial<Pick<View, "title" | "command" | "device">>;
  }
  | { readonly kind: "grid"; readonly grid: GridView }
  | { readonly kind: "cell"; readonly index: number; readonly cell: CellView }
  /** In the run under a key, which is empty for the only one. */
  | { readonly kind: "run"; readonly key: string; readonly event: LiveRunEvent }
  /** The whole has ended. */
  | { readonly kind: "end"; readonly status: string };

/** Sends an event to the live page; returns at once. */
export type Emit = (event: LiveEvent) => void;
