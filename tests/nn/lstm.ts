/**
 * An LSTM, as a user of the library writes it.
 *
 * @module
 */
import {
  add,
  concat,
  constant,
  matmul,
  mul,
  reshape,
  scan,
  sigmoid,
  split,
  tanh,
} from "../../src/ops/mod.ts";
import type { Tensor } from "../../src/tensor.ts";

/** Weights of the inputs [in, 4 · units], of the state [units, 4 · units], and biases. */
export type LstmParams = { readonly w: Tensor; readonly v: Tensor; readonly b: Tensor };

/** The output and the cell, [batch, units]. */
export type LstmState = { readonly h: Tensor; readonly c: Tensor };

/** Zeros. */
export const lstmStart = (batch: number, units: number): LstmState => ({
  h: constant(0, [batch, units]),
  c: constant(0, [batch, units]),
});

/**
 * Hochreiter & Schmidhuber (1997), with forget gates: sequences [time, batch, in] to the last state and all
 * outputs, [time, batch, units].
 */
export function lstm({ w, v, b }: LstmParams, x: Tensor, start: LstmState) {
  const [steps, batch, inputs] = x.shape as [number, number, number];
  // One product for all steps.
  const given = add(matmul(reshape(x, [steps * batch, inputs]), w), b);
  const gates = reshape(given, [steps, batch, b.size]);
  return scan(
    ({ h, c }: LstmState, x: Tensor) => {
      const [input, forget, cell, output] = split(add(x, matmul(h, v)), 4, 1);
      const next = add(mul(sigmoid(forget), c), mul(sigmoid(input), tanh(cell)));
      const y = mul(sigmoid(output), tanh(next));
      return [{ h: y, c: next }, y];
    },
    start,
    gates,
  );
}

/** All outputs, the last one and the last cell, one after the other: [time + 2, batch, units]. */
export function lstmStates(params: LstmParams, x: Tensor, start: LstmState): Tensor {
  const [{ h, c }, ys] = lstm(params, x, start), row = [1, ...h.shape];
  return concat([ys, reshape(h, row), reshape(c, row)]);
}
