/**
 * Options of LSUV and their presets.
 *
 * @module
 */
import {
  checkKind,
  checkOptions,
  FLAG,
  functionOf,
  LAYER,
  NUMBER,
  objectWith,
  optional,
  type OptionCheck,
  PARAMS,
  SIGNAL,
  TENSOR,
  TEXT,
} from "../check_options.ts";
import type { Layer } from "../nn/layer.ts";
import type { Key } from "../random.ts";

/** A layer that may be selected. */
export interface Candidate {
  /** Path and kind, such as `[2][0] conv`. */
  readonly name: string;
  readonly layer: Layer;
  /** Whether no layer with parameters follows. */
  readonly last: boolean;
}

/**
 * The published settings. `paper2015`: the authors' script when the paper came out; `authors`: the same
 * since March 2016; `common`: the values of most ports. Tolerances are of variances, not of standard
 * deviations.
 */
export const PRESETS = {
  paper2015: { tolerance: 0.05, maxTrials: 100 },
  authors: { tolerance: 0.02, maxTrials: 20 },
  common: { tolerance: 0.1, maxTrials: 10 },
} as const;

/** What LSUV may scale to unit variance. */
export const NORMALIZED = ["output", "activation", "input"] as const;

/** One of {@linkcode NORMALIZED}. */
export type Normalized = (typeof NORMALIZED)[number];

/** Options of LSUV. */
export interface LsuvOptions {
  /** The defaults of `tolerance` and `maxTrials`; `common` if left out. */
  readonly preset?: keyof typeof PRESETS | undefined;
  /** The largest accepted distance of a variance from 1 (the paper's Tol_var), in units of `target`. */
  readonly tolerance?: number | undefined;
  /** The most rescalings of a layer (the paper's T_max). */
  readonly maxTrials?: number | undefined;
  /**
   * What is scaled to unit variance. `output`, the default: each weight layer's own output, before
   * activation and maximum, each maxout piece separately (algorithm 1). `input`: the input of each layer
   * with parameters, by scaling the weight layer before it, all pieces by one factor (the variant of
   * section 3); inside a branch, the branch's output, and inside a custom layer, the output of each weight
   * layer. The last layer has no successor, so `input` does not scale it. `activation`: the output after
   * the layers without parameters that follow and keep its shape, activation and dropout, all pieces by one
   * factor: what the authors' script of 2015 measured in nets whose activations Caffe computes in place,
   * such as CaffeNet.
   */
  readonly normalize?: Normalized | undefined;
  /** The variance that layers get; 1, the paper's, if left out. */
  readonly target?: number | undefined;
  /**
   * Whether biases are moved too, by one amount for each layer and maxout piece, so that the mean of its
   * output is 0; false, as in the paper, if left out. Layers without biases keep their mean. Only with
   * `normalize: "output"`.
   */
  readonly center?: boolean | undefined;
  /** Which layers to measure and scale, by name such as `[2][0] conv`; all if left out. */
  readonly only?: (name: string, layer: Layer) => boolean;
  /** If given, dropout is active while variances are measured, as in the authors' code. */
  readonly key?: Key | undefined;
  /** How many rescalings the pure form unrolls in its graph; min(maxTrials, 3) if left out. */
  readonly unroll?: number;
}

/** Options with their defaults. */
export interface Resolved {
  readonly tolerance: number;
  readonly maxTrials: number;
  readonly normalize: Normalized;
  readonly target: number;
  readonly center: boolean;
  readonly key?: Key | undefined;
  readonly unroll: number;
  /** Whether a layer is selected. */
  readonly chosen: (candidate: Candidate) => boolean;
}

const OPTIONS: Readonly<Record<string, OptionCheck>> = {
  preset: optional(TEXT),
  tolerance: optional(NUMBER),
  maxTrials: optional(NUMBER),
  normalize: optional(TEXT),
  target: optional(NUMBER),
  center: optional(FLAG),
  only: optional(functionOf("(name, layer) => boolean")),
  key: optional(TENSOR),
  unroll: optional(NUMBER),
  fresh: optional(FLAG),
  signal: optional(SIGNAL),
  distributed: optional(
    objectWith("processes, as distributed() gives them", [
      "rank",
      "size",
      "allReduce",
      "broadcast",
    ]),
  ),
};

const NET: OptionCheck = {
  ...LAYER,
  accepts: (value) => Array.isArray(value) ? value.every(LAYER.accepts) : LAYER.accepts(value),
};

/** Throws TypeError unless a net and its parameters are of their kinds. */
export function checkNet(net: unknown, params: unknown): void {
  checkKind("lsuv", "net", net, NET);
  checkKind("lsuv", "params", params, PARAMS);
}

/** Throws TypeError on several processes, whose shares of a batch a pure function cannot put together. */
export function checkAlone(options: object): void {
  const { distributed } = options as { readonly distributed?: { readonly size?: number } };
  if (!distributed || distributed.size === 1) return;
  throw new TypeError(
    `lsuv: expected no distributed, found ${distributed.size} processes; lsuvFromBatches takes it, ` +
      "with fresh: false for one batch",
  );
}

/** The range of targets, so that their roots and factors are far from f32's limits. */
const TARGETS: readonly [least: number, most: number] = [2 ** -60, 2 ** 60];

/** Throws RangeError on a target out of range, and on centering something else than outputs. */
function checkTarget(target: number, center: boolean, normalize: Normalized): void {
  const [least, most] = TARGETS;
  if (!(target >= least && target <= most)) {
    throw new RangeError(`lsuv: expected a target from 2^-60 to 2^60, found ${target}`);
  }
  if (center && normalize !== "output") {
    throw new RangeError(`lsuv: expected normalize "output" with center, found ${normalize}`);
  }
}

/** Fills in defaults and checks options. Throws RangeError on anything out of range, TypeError on other types. */
export function resolve(options: LsuvOptions): Resolved {
  checkOptions("lsuv", options, OPTIONS);
  const { preset = "common", normalize = "output", only = () => true, key } = options;
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new RangeError(
      `lsuv: expected a preset of ${Object.keys(PRESETS).join(", ")}, found ${preset}`,
    );
  }
  if (!NORMALIZED.includes(normalize)) {
    throw new RangeError(
      `lsuv: expected normalize ${NORMALIZED.join(", ")}, found ${normalize}`,
    );
  }
  const { tolerance = PRESETS[preset].tolerance, maxTrials = PRESETS[preset].maxTrials } = options;
  const { unroll = Math.min(maxTrials, 3), target = 1, center = false } = options;
  checkTarget(target, center, normalize);
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
    target,
    center,
    key,
    unroll: Math.min(unroll, maxTrials),
    chosen: ({ name, layer, last }) => !(normalize === "input" && last) && only(name, layer),
  };
}
