/**
 * Options of LSUV and their presets.
 *
 * @module
 */
import type { Layer } from "../nn/layer.ts";
import type { Key } from "../random.ts";

/** A layer to choose or not. */
export interface Candidate {
  /** Path and kind, such as `[2][0] conv`. */
  readonly name: string;
  readonly layer: Layer;
  /** Whether no parameters follow. */
  readonly last: boolean;
}

/**
 * The published settings. `paper2015`: the authors' script when the paper came out; `authors`: the
 * same since March 2016; `common`: what most ports use. All compare variances, not standard deviations.
 */
export const PRESETS = {
  paper2015: { tolerance: 0.05, maxTrials: 100 },
  authors: { tolerance: 0.02, maxTrials: 20 },
  common: { tolerance: 0.1, maxTrials: 10 },
} as const;

/** Options of LSUV. */
export interface LsuvOptions {
  /** Where `tolerance` and `maxTrials` come from unless given; `common` if left out. */
  readonly preset?: keyof typeof PRESETS | undefined;
  /** How far from 1 a variance may be (the paper's Tol_var). */
  readonly tolerance?: number | undefined;
  /** The most rescalings of a layer (the paper's T_max). */
  readonly maxTrials?: number | undefined;
  /**
   * What is brought to unit variance. `output`, the default: each weight layer's own output, before
   * activation and maximum, each maxout piece on its own (algorithm 1). `input`: what enters each
   * layer with parameters, by scaling the weight layer that feeds it, all pieces by one factor (the
   * variant of section 3); inside a branch, what leaves the branch, and inside a layer of one's own,
   * what leaves each weight layer. Nothing follows the last layer, so `input` leaves it alone.
   */
  readonly normalize?: "output" | "input" | undefined;
  /** Which layers are measured and scaled, by name such as `[2][0] conv`; all if left out. */
  readonly only?: (name: string, layer: Layer) => boolean;
  /** If given, dropout drops while variances are measured, as in the authors' code. */
  readonly key?: Key | undefined;
  /** How many rescalings the pure form lays out in its graph; min(maxTrials, 3) if left out. */
  readonly unroll?: number;
}

/** Options with their defaults. */
export interface Resolved {
  readonly tolerance: number;
  readonly maxTrials: number;
  readonly normalize: "output" | "input";
  readonly key?: Key | undefined;
  readonly unroll: number;
  /** Whether a layer is scaled. */
  readonly chosen: (candidate: Candidate) => boolean;
}

/** Fills in defaults, `only` for each use of a layer by the layer's name. Throws RangeError on anything out of range. */
export function resolve(options: LsuvOptions): Resolved {
  const { preset = "common", normalize = "output", only = () => true, key } = options;
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new RangeError(
      `lsuv: expected a preset of ${Object.keys(PRESETS).join(", ")}, found ${preset}`,
    );
  }
  if (normalize !== "output" && normalize !== "input") {
    throw new RangeError(`lsuv: expected normalize output or input, found ${normalize}`);
  }
  const { tolerance = PRESETS[preset].tolerance, maxTrials = PRESETS[preset].maxTrials } = options;
  const { unroll = Math.min(maxTrials, 3) } = options;
  if (!(tolerance > 0)) {
    throw new RangeError(`lsuv: expected a tolerance above 0, found ${tolerance}`);
  }
  for (const [name, value] of Object.entries({ maxTrials, unroll })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`lsuv: expected ${name} of at least 1, found ${value}`);
    }
  }
  return {
    tolerance,
    maxTrials,
    normalize,
    key,
    unroll: Math.min(unroll, maxTrials),
    chosen: ({ name, layer, last }) => !(normalize === "input" && last) && only(name, layer),
  };
}
