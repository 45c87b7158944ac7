/**
 * A run as its folder tells it.
 *
 * @module
 */
import type { ReportRow } from "../../src/init/mod.ts";
import type { EpochRow } from "../run/run_folder.ts";

/** Which data, as a manifest has it. */
export interface DataFacts {
  readonly name?: string;
  readonly count?: number;
  readonly sha256?: string;
}

/** What a report takes from `manifest.json`; any of it may be missing. */
export interface Manifest {
  readonly status?: string;
  readonly command?: string;
  readonly program?: {
    readonly name?: string;
    readonly version?: string;
    readonly commit?: string;
  };
  readonly deno?: string;
  readonly system?: string;
  readonly started?: string;
  readonly ended?: string;
  readonly fault?: string;
  readonly device?: { readonly name?: string; readonly description?: string };
  readonly data?: { readonly train?: DataFacts; readonly test?: DataFacts };
  readonly seed?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly results?: {
    readonly parameters?: number;
    readonly seconds?: number;
    readonly fault?: string;
  };
}

/** A row of `layers.csv`: a layer's variances at a moment of training. */
export interface LayerRow {
  readonly step: number;
  /** Such as `before lsuv`, `after lsuv`, `epoch 1`. */
  readonly phase: string;
  readonly layer: number;
  readonly name: string;
  readonly activationVariance: number;
  readonly gradientVariance: number;
}

/** What a run's folder holds. */
export interface Run {
  /** The folder's name, from the results' folder. */
  readonly name: string;
  readonly manifest: Manifest;
  readonly epochs: readonly EpochRow[];
  readonly lsuv: readonly ReportRow[];
  readonly layers: readonly LayerRow[];
  /** What should be there and is not, a line each. */
  readonly missing: readonly string[];
}
