/**
 * The optimizer interface, and what all optimizers share: gradient clipping, then weight decay, then the
 * learning rate, the last two by parameter.
 *
 * @module
 */
import { add, constant, div, greater, mul, sqrt, sub, sum, where } from "../ops/mod.ts";
import type { Params, Tensor } from "../tensor.ts";
import { entries, leaves, structure, unflatten } from "../tree.ts";
import { constantSchedule, type Schedule } from "./schedule.ts";
import { type Known, known } from "../tuple.ts";

/** A gradient-based update rule. Its state is a tree of tensors, so that it can be part of a `fold`'s carry. */
export interface Optimizer<S extends Params = Params> {
  /** The initial state. */
  init(params: Params): S;
  /** The updated parameters and the next state. Throws TypeError unless all trees have the same structure. */
  step<P extends Params>(params: P, grads: P, state: S): readonly [P, S];
}

/** A factor for each parameter, by its path such as `[0].w`; true counts as 1, false as 0. */
export type Multiplier = (path: string) => number | boolean;

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** The learning rate, or a schedule. */
  readonly learningRate: number | Schedule;
  /**
   * The factor of each parameter's learning rate, Caffe's `lr_mult`; 1 if left out. Where it is 0, the
   * parameter and its state stay as they are, and its gradient counts in no norm.
   */
  readonly rateMultiplier?: Multiplier | undefined;
  /** The coefficient of weight decay: this times the parameter is added to its gradient; 0 if left out. */
  readonly weightDecay?: number;
  /**
   * The factor of each parameter's weight decay, Caffe's `decay_mult`; if left out, 0 for parameters named
   * `b` and 1 for all others.
   */
  readonly decayMultiplier?: Multiplier | undefined;
  /**
   * If the global norm of the gradients exceeds this, they are scaled to it, before weight decay as in
   * Caffe; no limit if left out.
   */
  readonly clipNorm?: number | undefined;
}

/**
 * Whether a path does not name a bias.
 *
 * @example
 * ```ts
 * import { optim } from "@goodinit/goodinit";
 *
 * console.assert(optim.notBias("[0].w") && !optim.notBias("[0].b"));
 * ```
 */
export const notBias = (path: string): boolean => !/(^|\.)b$/.test(path);

/** A numeric option of one optimizer. */
export interface OptimizerNumber {
  readonly kind: "number";
  /** The least value. */
  readonly from: number;
  /** The exclusive upper bound. */
  readonly below: number;
  readonly default: number;
  /** A description, as a sentence. */
  readonly help: string;
  /** Whether it may be a {@linkcode Schedule}. */
  readonly scheduled?: boolean;
}

/** An option of one optimizer that is on or off; off by default. */
export interface OptimizerFlag {
  readonly kind: "flag";
  /** A description, as a sentence. */
  readonly help: string;
}

/** The record of an optimizer. */
export interface OptimizerRecord {
  /** Creates it, from the options of all optimizers and its own. */
  readonly create: (options: OptimizerOptions) => Optimizer;
  /** The default learning rate. */
  readonly learningRate: number;
  /** Its own options. */
  readonly options?: Readonly<Record<string, OptimizerNumber | OptimizerFlag>>;
}

/** Throws RangeError unless `low` ≤ value < `high`. */
export function checkWithin(
  kind: string,
  name: string,
  value: number,
  low: number,
  high: number,
): void {
  if (value >= low && value < high) return;
  throw new RangeError(
    `${kind}: expected ${name} of at least ${low} and below ${high}, found ${value}`,
  );
}

/** Options with their defaults, checked. */
interface Resolved {
  /** The optimizer's name, for errors. */
  readonly kind: string;
  readonly learningRate: Schedule;
  readonly rateMultiplier: Multiplier;
  readonly weightDecay: number;
  readonly decayMultiplier: Multiplier;
  readonly clipNorm: number;
}

/** The options with their defaults, checked, the learning rate as a schedule. */
export function resolve(kind: string, options: OptimizerOptions): Resolved {
  const { learningRate, weightDecay = 0, clipNorm = Infinity } = options;
  const { rateMultiplier = () => 1, decayMultiplier = notBias } = options;
  checkWithin(kind, "weightDecay", weightDecay, 0, Infinity);
  if (!(clipNorm > 0)) {
    throw new RangeError(`${kind}: expected clipNorm above 0, found ${clipNorm}`);
  }
  return {
    kind,
    learningRate: typeof learningRate === "number" ? constantSchedule(learningRate) : learningRate,
    rateMultiplier,
    weightDecay,
    decayMultiplier,
    clipNorm,
  };
}

/** A tree of the same structure and shapes, with one number everywhere. */
export const filledLike = (params: Params, value: number): Params =>
  unflatten<unknown, Tensor, Tensor>(
    params,
    leaves<Tensor>(params).map((x) => constant(value, x.shape)),
  ) as Params;

/** Zeros of the same structure and shapes. */
export const zerosLike = (params: Params): Params => filledLike(params, 0);

/** The factor of gradient clipping: clipNorm / norm if the global norm exceeds clipNorm, else 1. */
function clipScale(grads: readonly Tensor[], clipNorm: number): Tensor {
  const norm = sqrt(grads.map((g) => sum(mul(g, g))).reduce(add));
  return where(greater(norm, clipNorm), div(clipNorm, norm), 1);
}

/** The update of one parameter: from its gradient, states and rate, what to subtract and the next states. */
export type Update = (
  gradient: Tensor,
  states: Known<Tensor>,
  rate: Tensor,
) => readonly [minus: Tensor, ...states: Tensor[]];

/** What an optimizer updates in a step. */
interface Trees<P extends Params, S extends readonly Params[]> {
  readonly params: P;
  readonly grads: P;
  /** Trees like `params`, one for each state of the update. */
  readonly states: S;
  /** The learning rate where the multiplier is 1, of shape []. */
  readonly rate: Tensor;
}

function checkStructures<P extends Params>({ params, grads, states }: Trees<P, readonly Params[]>) {
  const expected = structure<Tensor>(params);
  for (const tree of [grads, ...states]) {
    const found = structure<Tensor>(tree);
    if (found === expected) continue;
    throw new TypeError(
      `optimizer: expected gradients and states that nest as the parameters do, ${expected}, ` +
        `found ${found}`,
    );
  }
}

/** The factor of a parameter, checked. */
function factor(
  options: Resolved,
  name: "rateMultiplier" | "decayMultiplier",
  path: string,
): number {
  const value = Number(options[name](path));
  checkWithin(options.kind, `${name} of ${path || "the parameter"}`, value, 0, Infinity);
  return value;
}

/** The rate times factors; each product stands in the graph once. */
function scaledRates(rate: Tensor): (factor: number) => Tensor {
  const known = new Map([[1, rate]]);
  return (factor) => {
    const scaled = known.get(factor) ?? mul(rate, factor);
    known.set(factor, scaled);
    return scaled;
  };
}

/**
 * Applies an update to every parameter whose rate's multiplier is not 0.
 *
 * @returns The new parameters and the new states.
 */
export function updateAll<P extends Params, const S extends readonly Params[]>(
  options: Resolved,
  trees: Trees<P, S>,
  update: Update,
): readonly [P, ...S] {
  checkStructures(trees);
  const { weightDecay, clipNorm } = options, { params, states } = trees;
  const paths = entries<Tensor>(params), all = leaves<Tensor>(trees.grads);
  const factors = paths.map(([path]) => factor(options, "rateMultiplier", path));
  const moving = all.filter((_, i) => factors[i] !== 0);
  const scale = clipNorm < Infinity && moving.length > 0 ? clipScale(moving, clipNorm) : undefined;
  const before = states.map((state) => leaves<Tensor>(state)), rates = scaledRates(trees.rate);
  const after = paths.map(([path, w], i): readonly [Tensor, readonly Tensor[]] => {
    const own = known(before.map((s) => s[i]!));
    if (factors[i] === 0) return [w, own];
    const clipped = scale ? mul(all[i]!, scale) : all[i]!;
    const decay = weightDecay * factor(options, "decayMultiplier", path);
    const gradient = decay > 0 ? add(clipped, mul(w, decay)) : clipped;
    const [minus, ...next] = update(gradient, own, rates(factors[i]!));
    return [sub(w, minus), next];
  });
  const tree = (values: Tensor[]) => unflatten<unknown, Tensor, Tensor>(params, values) as Params;
  return [
    tree(after.map(([w]) => w)) as P,
    ...states.map((_, k) => tree(after.map(([, next]) => next[k]!))) as readonly Params[] as S,
  ];
}
