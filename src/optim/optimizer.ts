/**
 * The optimizer interface, the options that all optimizers have, and their records.
 *
 * @module
 */
import type { Params } from "../tensor.ts";
import type { Multiplier } from "./multiplier.ts";
import type { Schedule } from "./schedule.ts";

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
  /**
   * The factor of each parameter's learning rate, Caffe's `lr_mult`; 1 if left out. Where it is 0, the
   * parameter and its state stay as they are, and its gradient counts in no norm.
   */
  readonly rateMultiplier?: Multiplier | undefined;
  /**
   * The coefficient of weight decay, 0 if left out: this times the parameter is added to its gradient, or to
   * its update where an optimizer's decay is decoupled.
   */
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

/** A numeric option of some optimizers. */
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

/** An option of some optimizers that is on or off; off by default. */
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
