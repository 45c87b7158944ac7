/**
 * Long short-term memory.
 *
 * @module
 */
import { add, concat, constant, matmul, mul, sigmoid, split, tanh } from "../../ops/mod.ts";
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
 * The parameters of an LSTM: weights of the inputs [in, 4 · units], of the state [units, 4 · units], and biases
 * [4 · units], of the input gate, the forget gate, the cell and the output gate, in PyTorch's order.
 */
export type LstmParams = { readonly w: Tensor; readonly v: Tensor; readonly b: Tensor };

/** The state of an LSTM: its output and its cell, [batch, units]. */
export type LstmState = { readonly h: Tensor; readonly c: Tensor };

/** Options of {@linkcode lstm}. */
export interface LstmOptions extends RecurrentOptions {
  /** The bias of the forget gate at first; 1 if left out: Jozefowicz, Zaremba & Sutskever (2015). */
  readonly forgetBias?: number | undefined;
}

/** The state after a step, from the gates without the state's share. */
function next({ h, c }: LstmState, given: Tensor, v: Tensor): LstmState {
  const [input, forget, cell, output] = split(add(given, matmul(h, v)), 4, -1);
  const kept = add(mul(sigmoid(forget), c), mul(sigmoid(input), tanh(cell)));
  return { h: mul(sigmoid(output), tanh(kept)), c: kept };
}

/**
 * One step of an LSTM: the state after inputs [batch, in]. For loops of one's own, such as the generation of
 * text; {@linkcode lstm} is the layer over whole sequences, with the same parameters.
 *
 * @example
 * ```ts
 * import { key, nn, normal, ops } from "@goodinit/goodinit";
 *
 * const params = nn.lstm(8).init(key(0), { shape: [2, 1, 5], dtype: "f32" });
 * const zero = ops.constant(0, [2, 8]);
 * const { h } = nn.lstmCell(params, { h: zero, c: zero }, normal(key(1), [2, 5]));
 * console.assert(h.shape.join() === "2,8");
 * ```
 */
export const lstmCell = (params: LstmParams, state: LstmState, x: Tensor): LstmState =>
  next(state, add(inputGates("lstmCell", x, params), params.b), params.v);

/**
 * Long short-term memory over sequences, [batch, time, in] → [batch, time, units], from a state of zeros:
 * Hochreiter & Schmidhuber (1997), with the forget gates of Gers et al. (2000). As PyTorch's `LSTM` with
 * `batch_first`; {@linkcode lastStep} takes the last output, `concat(lstm(n), lstm(n, { reverse: true }))` is
 * bidirectional.
 *
 * LSUV brings what the inputs bring to each of the four gates to unit variance; the state's weights stay
 * orthonormal.
 *
 * @throws RangeError on an input that is not f32 [batch, time, in] with the `in` of its weights.
 *
 * @example
 * ```ts
 * import { key, nn, normal, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.lstm(16), nn.lastStep, nn.dense(2)), x = normal(key(1), [8, 20, 3]);
 * console.assert(net(net.init(key(0), x), x).shape.join() === "8,2");
 * ```
 */
export function lstm(
  units: number,
  options: LstmOptions = {},
): Layer<LstmParams> & { readonly unit: Unit<LstmParams> } {
  const { forgetBias = 1, reverse = false } = options;
  checkLeast("lstm", "units", units);
  const zeros = (n: number) => constant(0, [n, units]);
  const unit = gateUnit<LstmParams>("lstm", 4, (gates) => {
    const [input, , cell, output] = split(gates, 4, -1);
    return mul(sigmoid(output), tanh(mul(sigmoid(input), tanh(cell))));
  });
  const made = layer<LstmParams>("lstm", (key, x) => {
    checkSequences("lstm", x);
    const biases = [0, forgetBias, 0, 0].map((bias) => constant(bias, [units]));
    return { ...gateWeights(key, x, 4, units, options), b: concat(biases) };
  }, (params, x) => {
    checkSequences("lstm", x);
    const zero = zeros(x.shape[0]!), start: LstmState = { h: zero, c: zero };
    return overTime(
      x,
      start,
      (x) => add(inputGates("lstm", x, params), params.b),
      (state, gates) => {
        const after = next(state, gates, params.v);
        return [after, after.h];
      },
      reverse,
    );
  }, unit);
  return withOptions(made as unknown as Layer, { reverse }) as unknown as
    & Layer<LstmParams>
    & { readonly unit: Unit<LstmParams> };
}
