/**
 * Layers without parameters: pooling, flatten and dropout.
 *
 * @module
 */
import {
  avgPool2d,
  type AvgPoolOptions,
  max,
  maxPool2d,
  mean,
  mul,
  type PerAxis,
  type PoolOptions,
  reshape,
  where,
} from "../ops/mod.ts";
import { skippedNumbers } from "./batch_share.ts";
import { checkPoolOptions } from "../ops/pool_geometry.ts";
import { bernoulli } from "../random.ts";
import { showSpec } from "../spec.ts";
import type { Tensor } from "../tensor.ts";
import { checkInput, checkRate } from "./check.ts";
import { stateless, withOptions } from "./define_layer.ts";
import type { Layer, NoParams } from "./layer.ts";

const onImages = (kind: string, f: (x: Tensor) => Tensor): Layer<NoParams> =>
  stateless(kind, (x) => {
    checkInput(kind, x, 4, "f32 images [batch, height, width, channels]");
    return f(x);
  });

/**
 * The maximum of each `size` × `size` window; `stride` is `size` if left out. [batch, height, width,
 * channels] → [batch, height', width', channels].
 *
 * @param size Height and width of the window, in pixels, or [height, width].
 * @throws RangeError on an option that it cannot have, and where no window fits.
 *
 * @example
 * ```ts
 * import { nn, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [8, 6, 6, 16], dtype: "f32" });
 * console.assert(nn.maxPool(3, { stride: 2, ceil: true })([], images).shape.join() === "8,3,3,16");
 * console.assert(nn.maxPool([1, 2])([], images).shape.join() === "8,6,3,16");
 * ```
 */
export function maxPool(size: PerAxis, options: PoolOptions = {}): Layer<NoParams> {
  checkPoolOptions("maxPool", size, options);
  return onImages("maxPool", (x) => maxPool2d(x, size, options));
}

/**
 * The mean of each `size` × `size` window; `stride` is `size` if left out. [batch, height, width, channels]
 * → [batch, height', width', channels]. Padding counts as zeros unless `countPadding` is false.
 *
 * @param size Height and width of the window, in pixels, or [height, width].
 * @throws RangeError on an option that it cannot have, and where no window fits.
 *
 * @example
 * ```ts
 * import { nn, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [8, 6, 6, 16], dtype: "f32" });
 * console.assert(nn.avgPool(2)([], images).shape.join() === "8,3,3,16");
 * ```
 */
export function avgPool(size: PerAxis, options: AvgPoolOptions = {}): Layer<NoParams> {
  checkPoolOptions("avgPool", size, options);
  const { countPadding = true } = options;
  return withOptions(onImages("avgPool", (x) => avgPool2d(x, size, options)), { countPadding });
}

/**
 * The maximum of each channel over the whole image: [batch, height, width, channels] → [batch, channels].
 *
 * @example
 * ```ts
 * import { nn, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [8, 6, 6, 16], dtype: "f32" });
 * console.assert(nn.globalMaxPool([], images).shape.join() === "8,16");
 * ```
 */
export const globalMaxPool: Layer<NoParams> = onImages("globalMaxPool", (x) => max(x, [1, 2]));

/**
 * The mean of each channel over the whole image: [batch, height, width, channels] → [batch, channels].
 *
 * @example
 * ```ts
 * import { nn, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [8, 6, 6, 16], dtype: "f32" });
 * console.assert(nn.globalAvgPool([], images).shape.join() === "8,16");
 * ```
 */
export const globalAvgPool: Layer<NoParams> = onImages("globalAvgPool", (x) => mean(x, [1, 2]));

/**
 * [batch, ...sizes] → [batch, product of sizes], in the order height, width, channel.
 *
 * @example
 * ```ts
 * import { nn, placeholder } from "@goodinit/goodinit";
 *
 * const images = placeholder({ shape: [8, 6, 6, 16], dtype: "f32" });
 * console.assert(nn.flatten([], images).shape.join() === "8,576");
 * ```
 */
export const flatten: Layer<NoParams> = stateless("flatten", (x) => {
  if (x.rank < 2) {
    throw new RangeError(`flatten: expected [batch, ...], found ${showSpec(x)}`);
  }
  return reshape(x, [x.shape[0]!, -1]);
});

/**
 * If a key is given, sets each element to 0 with probability `rate` and divides the others by 1 - `rate`;
 * without one, the identity. Srivastava et al. (2014), scaled as in Caffe.
 *
 * @throws RangeError unless 0 ≤ rate < 1.
 *
 * @example
 * ```ts
 * import { key, nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const ones = ops.constant(1, [1000]), layer = nn.dropout(0.5);
 * console.assert((await run.read(layer([], ones))).every((x) => x === 1));
 * const dropped = await run.read(layer([], ones, key(0)));
 * console.assert(dropped.every((x) => x === 0 || x === 2) && dropped.includes(0));
 * ```
 */
export function dropout(rate: number): Layer<NoParams> {
  checkRate("dropout", rate);
  return stateless("dropout", (x, key) => {
    if (!key || rate === 0) return x;
    const kept = bernoulli(key, 1 - rate, x.shape, skippedNumbers(x.shape));
    return where(kept, mul(x, 1 / (1 - rate)), 0);
  });
}
