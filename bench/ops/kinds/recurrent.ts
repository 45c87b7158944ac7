/**
 * Recurrent layers.
 *
 * @module
 */
import * as g from "../../../mod.ts";
import { lstm as ofStates } from "../../../tests/nn/lstm.ts";
import { filled, type Op, trained, type Work } from "../work.ts";

/** Steps, sequences, inputs and units. */
export interface RecurrentSize {
  readonly t: number;
  readonly b: number;
  readonly i: number;
  readonly u: number;
}

/** An LSTM: all outputs of sequences. Its weights are divided by √fan-in, as larger ones make it chaotic. */
export function lstm({ t, b, i, u }: RecurrentSize): Work {
  const op: Op = (x, w, v, bias, h, c) => {
    const scaled = (w: g.Tensor, fanIn: number) => g.ops.mul(w, 1 / Math.sqrt(fanIn));
    const params = { w: scaled(w!, i), v: scaled(v!, u), b: bias! };
    return ofStates(params, x!, { h: h!, c: c! })[1];
  };
  const shapes = [[t, b, i], [i, 4 * u], [u, 4 * u], [4 * u], [b, u], [b, u]];
  return trained(op, ...shapes.map((shape, k) => filled(shape, k + 1)));
}
