/**
 * Recording the output of each layer with weights while a net runs, for comparison with LSUV's report.
 *
 * @module
 */
import { type Layer, nn, type Params, type Tensor } from "../../mod.ts";
import * as ops from "../../src/ops/mod.ts";
import type { Unit, Weights } from "../../src/nn/mod.ts";

let tape: { readonly y: Tensor; readonly pieces: number }[] | undefined;

/** A layer with weights that records its own output, before the maximum over pieces. */
function taped<P extends Params>(inner: Layer<P> & { readonly unit: Unit<P> }): Layer<P> {
  const { unit } = inner;
  return nn.layer<P>(inner.kind, inner.init, (params, x, key) => {
    const y = ops.add(unit.linear(params, x), unit.bias(params));
    tape?.push({ y, pieces: unit.pieces });
    return inner(params, x, key);
  }, unit);
}

/** `dense` that records its output. */
export const tapedDense = (...args: Parameters<typeof nn.dense<true>>): Layer<Weights> =>
  taped(nn.dense<true>(...args));

/** `conv` that records its output. */
export const tapedConv = (...args: Parameters<typeof nn.conv<true>>): Layer<Weights> =>
  taped(nn.conv<true>(...args));

/** Any layer with weights, recording its output. */
export const tapedLayer = taped;

/** The output of each layer with weights while `f` runs a net, [rows, pieces, channels]. */
export function recordOutputs(f: () => unknown): readonly Tensor[] {
  tape = [];
  try {
    f();
    return tape.map(({ y, pieces }) => {
      const size = y.shape[y.rank - 1]!;
      return ops.reshape(y, [y.size / size, pieces, size / pieces]);
    });
  } finally {
    tape = undefined;
  }
}

/** The population variance of each piece, in float64 by two passes. */
export function computeVariances(
  values: ArrayLike<number>,
  [rows, pieces, size]: readonly number[],
) {
  return Array.from({ length: pieces! }, (_, piece) => {
    const own: number[] = [];
    for (let row = 0; row < rows!; row++) {
      for (let i = 0; i < size!; i++) own.push(values[(row * pieces! + piece) * size! + i]!);
    }
    const mean = own.reduce((sum, v) => sum + v / own.length, 0);
    return own.reduce((sum, v) => sum + (v - mean) ** 2 / own.length, 0);
  });
}
