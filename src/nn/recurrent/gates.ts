/**
 * What recurrent layers share: their weights, the product of all steps' inputs, the loop over time.
 *
 * @module
 */
import { matmul, scan, transpose } from "../../ops/mod.ts";
import { showSpec, type Spec } from "../../spec.ts";
import type { Params, Tensor } from "../../tensor.ts";
import { type Key, split } from "../../random.ts";
import { checkInput } from "../check.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { initialWeights, scalePieces } from "../weights.ts";
import type { Unit } from "../layer.ts";

/** Options of recurrent layers. */
export interface RecurrentOptions {
  /** The initializer of the weights of inputs, of each gate separately; orthonormal if left out. */
  readonly init?: Initializer | undefined;
  /** The initializer of the weights of the state, of each gate separately; orthonormal if left out. */
  readonly recurrentInit?: Initializer | undefined;
  /** Whether time runs backward; false if left out. Outputs stay at their step's index. */
  readonly reverse?: boolean | undefined;
}

/** Weights of the inputs [in, gates · units] and of the state [units, gates · units]. */
export interface GateWeights {
  readonly w: Tensor;
  readonly v: Tensor;
}

/** Throws RangeError unless x is a batch of sequences. */
export const checkSequences = (kind: string, x: Spec): void =>
  checkInput(kind, x, 3, "f32 sequences [batch, time, features]");

/** The weights of so many gates for inputs [batch, time, in]. */
export function gateWeights(
  key: Key,
  { shape: [, , inputs] }: Spec,
  gates: number,
  units: number,
  { init, recurrentInit }: RecurrentOptions,
): GateWeights {
  const [first, second] = split(key);
  const weights = (key: Key, rows: number, init: Initializer | undefined) =>
    initialWeights(key, { shape: [rows, units], fanIn: rows, fanOut: units }, gates, init);
  return {
    w: weights(first, inputs!, init),
    v: weights(second, units, recurrentInit),
  };
}

/** The gates of all steps before the state is added: x · w, [..., gates · units]. */
export function inputGates(kind: string, x: Tensor, { w }: GateWeights): Tensor {
  if (x.shape.at(-1) === w.shape[0]) return matmul(x, w);
  throw new RangeError(
    `${kind}: expected ${w.shape[0]} features, as its weights ${showSpec(w)} are for, found ${
      showSpec(x)
    }`,
  );
}

/**
 * Runs a cell over sequences: outputs [batch, time, units].
 *
 * @param gates Computes the gates of all steps, [time, batch, gates · units], from inputs by time.
 * @param step One step: the state after it, and its output.
 */
export function overTime<S extends Params>(
  x: Tensor,
  start: S,
  gates: (x: Tensor) => Tensor,
  step: (state: S, gates: Tensor) => readonly [S, Tensor],
  reverse: boolean,
): Tensor {
  const given = gates(transpose(x, [1, 0, 2]));
  const [, outputs] = scan<Params, Tensor, Tensor>(
    (state, gates) => step(state as S, gates),
    start,
    given,
    { reverse },
  );
  return transpose(outputs, [1, 0, 2]);
}

/**
 * What LSUV measures of a recurrent layer: what the inputs bring to each gate, x · w, the gates as its pieces.
 * The weights of the state stay as they were drawn; orthonormal ones keep its length.
 *
 * @param start The output of a step from a state of zeros.
 */
export const gateUnit = <P extends GateWeights & { readonly b: Tensor } & Params>(
  kind: string,
  pieces: number,
  start: (gates: Tensor) => Tensor,
): Unit<P> => ({
  pieces,
  linear: (params, x) => inputGates(kind, x, params),
  bias: ({ b }) => b,
  finish: start,
  scale: (params, factors) => ({ ...params, w: scalePieces(params.w, factors) }),
});
