/**
 * What a training tells its live page.
 *
 * @module
 */
import type { ReportRow } from "../../src/init/mod.ts";
import type { Progress } from "../../src/train/mod.ts";
import type { CellView, GridView, RunFacts, View } from "./view.ts";
import type { EpochRow, LayerRow } from "../run/tables.ts";

/** What there is to tell of a run. */
export type RunNews =
  /** It begins, or goes on. */
  | { readonly kind: "begin"; readonly facts: RunFacts }
  /** Within an epoch; `left` are seconds to the run's end. */
  | { readonly kind: "progress"; readonly at: Progress; readonly left: number }
  | { readonly kind: "epoch"; readonly row: EpochRow; readonly left: number }
  /** The epochs that a run goes on after. */
  | { readonly kind: "epochs"; readonly rows: readonly EpochRow[] }
  | { readonly kind: "lsuv"; readonly rows: readonly ReportRow[] }
  | { readonly kind: "layers"; readonly rows: readonly LayerRow[] }
  | { readonly kind: "status"; readonly status: string; readonly fault?: string | undefined };

/** A piece of news. */
export type News =
  | { readonly kind: "whole"; readonly facts: Partial<Pick<View, "title" | "command" | "device">> }
  | { readonly kind: "grid"; readonly grid: GridView }
  | { readonly kind: "cell"; readonly place: number; readonly cell: CellView }
  /** Of the run under a key, which is empty for the only one. */
  | { readonly kind: "run"; readonly key: string; readonly news: RunNews }
  /** The whole has ended. */
  | { readonly kind: "end"; readonly status: string };

/** Where news are told. */
export interface Teller {
  /** Hands on a piece of news; returns at once. */
  tell(news: News): void;
}
