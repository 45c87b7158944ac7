/**
 * Gated recurrent units.
 *
 * @module
 */
import { add, constant, matmul, mul, sigmoid, split, sub, tanh } from "../../ops/mod.ts";
import type { Tensor } from "../../tensor.ts";
import { checkLeast } from "../check.ts";
import { layer, withOptions } from "../define_layer.ts";
import type { Layer, Unit } from "../layer.ts";
import {
  checkSequences,
  gateUnit,
  gateWeights,
  inputGates,
  overTime,
  type RecurrentOptions,
} from "./gates.ts";

/**
 * The parameters of a GRU: weights of the inputs [in, 3 · units], of the state [units, 3 · units], and biases
 * [3 · units], of the reset gate, the update gate and the candidate, in PyTorch's order; and `c`, the bias of
 * the state's share of the candidate, [units].
 */
export type GruParams = {
  readonly w: Tensor;
  readonly v: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
};

/** Options of {@linkcode gru}. */
export interface GruOptions extends RecurrentOptions {}

/** The state after a step, from the gates without the state's share. */
function next(h: Tensor, given: Tensor, { v, c }: GruParams): Tensor {
  const [reset, update, candidate] = split(given, 3, -1);
  const [ofReset, ofUpdate, ofCandidate] = split(matmul(h, v), 3, -1);
  const kept = sigmoid(add(update, ofUpdate));
  const share = mul(sigmoid(add(reset, ofReset)), add(ofCandidate, c));
  const fresh = tanh(add(candidate, share));
  return add(mul(sub(1, kept), fresh), mul(kept, h));
}

/**
 * One step of a GRU: the state [batch, units] after inputs [batch, in]. {@linkcode gru} is the layer over whole
 * sequences, with the same parameters.
 *
 * @example
 * ```ts
 * import { key, nn, normal, ops } from "@goodinit/goodinit";
 *
 * const params = nn.gru(8).init(key(0), { shape: [2, 1, 5], dtype: "f32" });
 * const state = nn.gruCell(params, ops.constant(0, [2, 8]), normal(key(1), [2, 5]));
 * console.assert(state.shape.join() === "2,8");
 * ```
 */
export const gruCell = (params: GruParams, state: Tensor, x: Tensor): Tensor =>
  next(state, add(inputGates("gruCell", x, params), params.b), params);

/**
 * Gated recurrent units over sequences, [batch, time, in] → [batch, time, units], from a state of zeros: Cho et
 * al. (2014), with the reset gate after the product, as PyTorch's `GRU` with `batch_first`. LSUV brings what
 * the inputs bring to each of the three gates to unit variance.
 *
 * @throws RangeError on an input that is not f32 [batch, time, in] with the `in` of its weights.
 *
 * @example
 * ```ts
 * import { key, nn, normal, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.gru(16), nn.lastStep, nn.dense(2)), x = normal(key(1), [8, 20, 3]);
 * console.assert(net(net.init(key(0), x), x).shape.join() === "8,2");
 * ```
 */
export function gru(
  units: number,
  options: GruOptions = {},
): Layer<GruParams> & { readonly unit: Unit<GruParams> } {
  const { reverse = false } = options;
  checkLeast("gru", "units", units);
  const unit = gateUnit<GruParams>("gru", 3, (gates) => {
    const [, update, candidate] = split(gates, 3, -1);
    return mul(sub(1, sigmoid(update)), tanh(candidate));
  });
  const made = layer<GruParams>("gru", (key, x) => {
    checkSequences("gru", x);
    const weights = gateWeights(key, x, 3, units, options);
    return { ...weights, b: constant(0, [3 * units]), c: constant(0, [units]) };
  }, (params, x) => {
    checkSequences("gru", x);
    return overTime(
      x,
      constant(0, [x.shape[0]!, units]),
      (x) => add(inputGates("gru", x, params), params.b),
      (state, gates) => {
        const after = next(state, gates, params);
        return [after, after];
      },
      reverse,
    );
  }, unit);
  return withOptions(made as unknown as Layer, { reverse }) as unknown as
    & Layer<GruParams>
    & { readonly unit: Unit<GruParams> };
}
