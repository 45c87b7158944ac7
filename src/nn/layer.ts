/**
 * The type of layers: pure functions of parameters and a tensor, with a kind, an initialization, and, if
 * they have them, a `unit` of weights or inner layers.
 *
 * @module
 */
import type { Key } from "../random.ts";
import type { Loss } from "./losses.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Spec } from "../spec.ts";

/**
 * The application of a layer: parameters and input to output. Without a key it is deterministic; with one,
 * dropout is active. (Typed as a method, so that lists of mixed layers type-check without casts.)
 */
export type Apply<P> = { bivariant(params: P, x: Tensor, key?: Key): Tensor }["bivariant"];

/** What an initialization needs to measure and scale a layer with weights. */
export interface Unit<P extends Params = Params> {
  /** The number of maxout pieces; 1 for a plain layer. */
  readonly pieces: number;
  /**
   * Weights times x: [..., pieces · channels], piece-major. The layer's own output, which LSUV measures, is
   * this plus the biases.
   */
  linear(params: P, x: Tensor): Tensor;
  /** The biases, [pieces · channels]. */
  bias(params: P): Tensor;
  /** The maximum over pieces of the layer's own output: [..., pieces · channels] → [..., channels]. */
  finish(y: Tensor): Tensor;
  /** The weights multiplied by their piece's factor, [pieces]; the biases are unchanged. */
  scale(params: P, factors: Tensor): P;
  /** The biases moved by their piece's amount, [pieces]; absent where a layer cannot have any. */
  shift?(params: P, amounts: Tensor): P;
}

/**
 * How x passes through the layers inside another: `call(i, x)` applies the i-th of them, in any order and
 * any number of times. Every call of a layer has the same parameters, but its own dropout mask if there is
 * a key.
 */
export type Flow = (call: (part: number, x: Tensor) => Tensor, x: Tensor) => Tensor;

/** What the output of a side branch is for: a loss of its own, in training. */
export interface SideLoss {
  /** The factor of its loss. */
  readonly weight: number;
  /** Its per-example loss; that of the net's output if left out. */
  readonly loss?: Loss | undefined;
}

/**
 * A layer: call it with parameters and an input. The shape of its output is
 * `layer(params, placeholder(spec)).shape`.
 */
export type Layer<P extends Params = Params> = Apply<P> & {
  /** The layer's name in messages and reports, such as `conv`. */
  readonly kind: string;
  /** Initializes parameters for inputs of a spec. */
  init(key: Key, x: Spec): P;
  /** Present on a layer with weights. */
  readonly unit?: Unit<P>;
  /** The inner layers; the parameters are the list of theirs. */
  readonly layers?: readonly Layer[];
  /** How x passes through `layers`; absent if in sequence. */
  readonly flow?: Flow;
  /** The options that decide what it computes, where they do not show in its parameters or its inner layers. */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * The parameters after the layer has seen x in training: present on a layer that learns something from
   * data without gradients, such as running statistics. `share`, from 0 to 1, is the weight of what this x
   * shows; the layer's own if left out.
   */
  observe?(params: P, x: Tensor, share?: number): P;
  /** Present on the identity beside a branch, its one inner layer, whose output has a loss of its own. */
  readonly side?: SideLoss;
};

/** The parameters of a layer without any. */
export type NoParams = readonly [];

/** The parameters of a layer type. */
export type ParamsOf<L> = L extends { init(key: Key, x: Spec): infer P extends Params } ? P : never;

/** The parameters of a list of layers, one entry per layer. */
export type ParamsOfAll<L extends readonly Layer[]> = {
  readonly [K in keyof L]: ParamsOf<L[K]>;
};
