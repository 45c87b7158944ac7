/**
 * Tests with drawn pooling regions: of nets with pooling by random fractions.
 *
 * @module
 */
import { logSoftmax, logSumExp, stack, sub } from "../ops/mod.ts";
import { foldIn, type Key, key as keyOf } from "../random.ts";
import type { Params, Tensor } from "../tensor.ts";
import { checkLeast } from "./check.ts";
import { layer } from "./define_layer.ts";
import { withDrawnWindows } from "./fractional_pool.ts";
import type { Layer } from "./layer.ts";
import { isVisited, traverse } from "./traverse.ts";

/**
 * A net's output as in evaluation, without dropout, but with the regions of {@linkcode fractionalMaxPool}
 * drawn from a key, each layer's from its own.
 *
 * @example
 * ```ts
 * import { key, nn, normal, sequential } from "@goodinit/goodinit";
 *
 * const net = sequential(nn.fractionalMaxPool({ ratio: 1.5 }), nn.dropout(0.5), nn.flatten, nn.dense(3));
 * const x = normal(key(1), [2, 6, 6, 1]), params = net.init(key(0), x);
 * console.assert(nn.drawnRegions(net, params, x, key(2)).shape.join() === "2,3");
 * ```
 */
export function drawnRegions<P extends Params>(
  net: Layer<P>,
  params: P,
  x: Tensor,
  key: Key,
): Tensor {
  let calls = 0;
  return traverse(net as Layer, params, x, undefined, (call) => {
    const draw = withDrawnWindows(call.layer);
    return draw ? draw(call.x, foldIn(key, calls++)) : call.descend(call.params, call.x);
  });
}

/** Options of {@linkcode averagedRegions}. */
export interface AveragedRegionsOptions {
  /** The number of tests; 12 if left out. */
  readonly tests?: number;
  /** The seed of their regions; 0 if left out. */
  readonly seed?: number;
}

/**
 * A net whose evaluation is the average of several, each with its own regions of
 * {@linkcode fractionalMaxPool}: the logarithm of the mean of their class probabilities, [batch, classes].
 * Graham, "Fractional Max-Pooling" (2014), section 4, averages 12 and 100. Parameters are the net's; with a
 * key, as in training, it is the net, and so it is where its layers are visited, as by `lsuv`.
 *
 * @example
 * ```ts
 * import { key, nn, normal, open, ops, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.fractionalMaxPool({ ratio: 1.5 }), nn.flatten, nn.dense(3));
 * const x = normal(key(1), [2, 6, 6, 1]), params = net.init(key(0), x);
 * const logits = nn.averagedRegions(net, { tests: 3 })(params, x);
 * const sums = await run.read(ops.sum(ops.exp(logits), 1));
 * console.assert(sums.every((sum) => Math.abs(sum - 1) < 1e-6));
 * ```
 */
export function averagedRegions<P extends Params>(
  net: Layer<P>,
  { tests = 12, seed = 0 }: AveragedRegionsOptions = {},
): Layer<P> {
  checkLeast("averagedRegions", "tests", tests);
  return layer<P>("averagedRegions", (key, x) => net.init(key, x), (params, x, key) => {
    if (key || isVisited()) return net(params, x, key);
    const logits = Array.from(
      { length: tests },
      (_, test) => logSoftmax(drawnRegions(net, params, x, foldIn(keyOf(seed), test))),
    );
    return sub(logSumExp(stack(logits), 0), Math.log(tests));
  });
}
