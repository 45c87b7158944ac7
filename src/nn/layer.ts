/**
 * What a layer is: a pure function of parameters and a tensor, with a kind, a way to make its
 * parameters, and, where it has weights or other layers inside, a way to say so.
 *
 * @module
 */
import type { Key } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import type { Spec } from "../spec.ts";
import { pass } from "./traverse.ts";

/**
 * A layer at work: parameters and input to output. Without a key it is deterministic; with one,
 * dropout drops. (Written as a method, so that lists of mixed layers type-check without casts.)
 */
export type Apply<P> = { bivariant(params: P, x: Tensor, key?: Key): Tensor }["bivariant"];

/** What a layer with weights tells of itself, so that an initialisation can measure and scale it. */
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

/**
 * A layer from its parts: what it computes, its kind, and how its parameters are made.
 *
 * @example
 * ```ts
 * import { nn, ops } from "@goodinit/goodinit";
 *
 * const square = nn.layer("square", () => [] as const, (_, x) => ops.mul(x, x));
 * ```
 */
export function layer<P extends Params>(
  kind: string,
  init: (key: Key, x: Spec) => P,
  apply: (params: P, x: Tensor, key?: Key) => Tensor,
  unit?: Unit<P>,
): Layer<P> {
  const call: Apply<P> = (params, x, key) => pass(made, apply, params, x, key);
  const made: Layer<P> = Object.assign(call, { kind, init, ...(unit && { unit }) });
  return made;
}

/**
 * A layer without parameters.
 *
 * @example
 * ```ts
 * import { nn, open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const square = nn.stateless("square", (x) => ops.mul(x, x));
 * console.assert((await run.read(square([], tensor([1, 2, 3])))).join() === "1,4,9");
 * ```
 */
export const stateless = (kind: string, apply: (x: Tensor, key?: Key) => Tensor): Layer<NoParams> =>
  layer<NoParams>(kind, () => [], (_, x, key) => apply(x, key));
