/**
 * The optimizer interface, and what all optimizers share: gradient clipping, then weight decay.
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

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** The learning rate, or a schedule. */
  readonly learningRate: number | Schedule;
  /** The coefficient of weight decay: this times the parameter is added to its gradient; 0 if left out. */
  readonly weightDecay?: number;
  /** Which parameters decay, by path such as `[0].w`; if left out, all except those named `b`. */
  readonly decayMask?: (path: string) => boolean;
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
  /** The least value. */
  readonly from: number;
  /** The exclusive upper bound. */
  readonly below: number;
  readonly default: number;
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
  readonly options?: Readonly<Record<string, OptimizerNumber>>;
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

/** Options with their defaults. */
type Resolved = {
  readonly [K in keyof OptimizerOptions]-?: Exclude<OptimizerOptions[K], undefined>;
};

/** The options with their defaults, checked, the learning rate as a schedule. */
export function resolve(kind: string, options: OptimizerOptions): Resolved & {
  readonly learningRate: Schedule;
} {
  const { learningRate, weightDecay = 0, decayMask = notBias, clipNorm = Infinity } = options;
  checkWithin(kind, "weightDecay", weightDecay, 0, Infinity);
  if (!(clipNorm > 0)) {
    throw new RangeError(`${kind}: expected clipNorm above 0, found ${clipNorm}`);
  }
  return {
    learningRate: typeof learningRate === "number" ? constantSchedule(learningRate) : learningRate,
    weightDecay,
    decayMask,
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

/** The update of one parameter: from its gradient and states, what to subtract and the next states. */
export type Update = (
  gradient: Tensor,
  states: Known<Tensor>,
) => readonly [minus: Tensor, ...states: Tensor[]];

/**
 * Applies an update to every parameter.
 *
 * @param states Trees like `params`, one for each state of the update.
 * @returns The new parameters and the new states.
 */
export function updateAll<P extends Params, const S extends readonly Params[]>(
  { weightDecay, decayMask, clipNorm }: Resolved,
  params: P,
  grads: P,
  states: S,
  update: Update,
): readonly [P, ...S] {
  const expected = structure<Tensor>(params);
  for (const tree of [grads, ...states]) {
    const found = structure<Tensor>(tree);
    if (found === expected) continue;
    throw new TypeError(
      `optimizer: expected gradients and states that nest as the parameters do, ${expected}, ` +
        `found ${found}`,
    );
  }
  const all = leaves<Tensor>(grads);
  const scale = clipNorm < Infinity && all.length > 0 ? clipScale(all, clipNorm) : undefined;
  const before = states.map((state) => leaves<Tensor>(state));
  const after = entries<Tensor>(params).map(([path, w], i) => {
    const clipped = scale ? mul(all[i]!, scale) : all[i]!;
    const gradient = weightDecay > 0 && decayMask(path)
      ? add(clipped, mul(w, weightDecay))
      : clipped;
    const [minus, ...next] = update(gradient, known(before.map((s) => s[i]!)));
    return [w, minus, next] as const;
  });
  const tree = (values: Tensor[]) => unflatten<unknown, Tensor, Tensor>(params, values) as Params;
  return [
    tree(after.map(([w, minus]) => sub(w, minus))) as P,
    ...states.map((_, k) => tree(after.map(([, , next]) => next[k]!))) as readonly Params[] as S,
  ];
}
