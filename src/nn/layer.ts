/**
 * What a layer is: a pure function of parameters and a tensor, with a kind, a way to make its
 * parameters, and, where it has weights or other layers inside, a way to say so.
 *
 * @module
 */
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Spec } from "../spec.ts";

/**
 * A layer at work: parameters and input to output. Without a key it is deterministic; with one,
 * dropout drops. (Written as a method, so that lists of mixed layers type-check without casts.)
 */
export type Apply<P> = { bivariant(params: P, x: Tensor, key?: Key): Tensor }["bivariant"];

/** What a layer with weights says of itself, so that an initialization can measure and scale it. */
export interface Unit<P extends Params = Params> {
  /** The number of maxout pieces; 1 for a plain layer. */
  readonly pieces: number;
  /**
   * Weights times x: [..., pieces · channels], piece-major. The layer's own output, what LSUV looks
   * at, is this plus the biases.
   */
  linear(params: P, x: Tensor): Tensor;
  /** The biases, [pieces · channels]. */
  bias(params: P): Tensor;
  /** The maximum over pieces of the layer's own output: [..., pieces · channels] → [..., channels]. */
  finish(y: Tensor): Tensor;
  /** The weights multiplied by their piece's factor, [pieces]; the biases as they were. */
  scale(params: P, factors: Tensor): P;
}

/**
 * How x passes through the layers inside another: `call(i, x)` applies the i-th of them, in any order
 * and any number of times. Called again it has the same parameters, and drops out anew if there is a key.
 */
export type Flow = (call: (part: number, x: Tensor) => Tensor, x: Tensor) => Tensor;

/**
 * A layer: call it with parameters and an input. The shape of its output is
 * `layer(params, placeholder(spec)).shape`.
 */
export type Layer<P extends Params = Params> = Apply<P> & {
  /** The layer's name in messages and reports, such as `conv`. */
  readonly kind: string;
  /** New parameters for inputs of a shape. */
  init(key: Key, x: Spec): P;
  /** Present on a layer with weights. */
  readonly unit?: Unit<P>;
  /** The layers inside; its parameters are the list of theirs. */
  readonly layers?: readonly Layer[];
  /** How x passes through `layers`; absent where it passes through one after another. */
  readonly flow?: Flow;
};

/** The parameters of a layer without any. */
export type NoParams = readonly [];

/** The parameters of a layer type. */
export type ParamsOf<L> = L extends { init(key: Key, x: Spec): infer P extends Params } ? P : never;

/** The parameters of a list of layers, one entry a layer. */
export type ParamsOfAll<L extends readonly Layer[]> = {
  readonly [K in keyof L]: ParamsOf<L[K]>;
};
