/**
 * Batch normalization.
 *
 * @module
 */
import { add, constant, mul, reshape } from "../../ops/mod.ts";
import { type Axes, normalizeAxes, type Shape } from "../../shape.ts";
import { showSpec, type Spec } from "../../spec.ts";
import type { Tensor } from "../../tensor.ts";
import { layer, withOptions } from "../define_layer.ts";
import type { Layer } from "../layer.ts";
import { moments, standardize } from "./standardize.ts";

/** Options of {@linkcode batchNorm}. */
export interface BatchNormOptions {
  /** The axes that are averaged over; if left out, all but the last, the channels. */
  readonly axes?: Axes | undefined;
  /** The share of each batch in the running statistics, from 0 to 1; 0.1 if left out. */
  readonly momentum?: number | undefined;
  /** Added to the variance; 1e-5 if left out. */
  readonly epsilon?: number | undefined;
  /** Whether there are factors and offsets, which are trained; true if left out. */
  readonly affine?: boolean | undefined;
}

/**
 * Factors `scale` and offsets `b`, which are trained unless `affine: false` leaves them out, and the running
 * `mean` and `variance`: each of the sizes of the axes that are not averaged over, such as [channels].
 */
export type BatchNormParams = {
  readonly scale?: Tensor;
  readonly b?: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
};

/** The axes that a batch normalization averages over, and the sizes of its parameters. */
interface Geometry {
  readonly axes: readonly number[];
  /** The sizes of the other axes. */
  readonly sizes: Shape;
  /** The shape that parameters take to broadcast to x. */
  readonly kept: Shape;
  /** Elements that are averaged over. */
  readonly count: number;
}

function geometryOf(x: Spec, given: Axes | undefined): Geometry {
  if (x.dtype !== "f32" || x.shape.length < 2) {
    throw new RangeError(`batchNorm: expected f32[batch, ...], found ${showSpec(x)}`);
  }
  const allButLast = [...x.shape.keys()].slice(0, -1);
  const axes = normalizeAxes("batchNorm", given ?? allButLast, x.shape);
  const isKept = (_: number, axis: number) => !axes.includes(axis);
  return {
    axes,
    sizes: x.shape.filter(isKept),
    kept: x.shape.map((size, axis) => axes.includes(axis) ? 1 : size),
    count: axes.reduce((n, axis) => n * x.shape[axis]!, 1),
  };
}

function checkOptions({ momentum = 0.1, epsilon = 1e-5 }: BatchNormOptions): void {
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new RangeError(`batchNorm: expected a momentum from 0 to 1, found ${momentum}`);
  }
  if (!(epsilon >= 0 && epsilon < Infinity)) {
    throw new RangeError(`batchNorm: expected an epsilon of at least 0, found ${epsilon}`);
  }
}

/** Throws RangeError where there is one element to average over: its variance says nothing. */
function checkCount({ count }: Geometry, x: Spec): void {
  if (count > 1) return;
  throw new RangeError(
    `batchNorm: expected more than one value per channel in training, found ${showSpec(x)}`,
  );
}

/**
 * Batch normalization: (x - mean) / √(variance + epsilon) · scale + b, of the same shape as x. Ioffe &
 * Szegedy, "Batch Normalization" (2015), algorithms 1 and 2; defaults as in PyTorch.
 *
 * With a key, as in training, mean and population variance are those of the batch; without one, the running
 * statistics. The layer stays pure: applying it changes nothing. What it learns from a batch is another
 * function of it, `observe`, which `fit`, `trainStep` and {@linkcode trainingPass} call:
 * running ← (1 - momentum) · running + momentum · batch, with the unbiased variance (of n values, n / (n - 1)
 * times the population's). {@linkcode calibrate} replaces the statistics by those of one batch.
 *
 * To freeze `scale` and `b` (by `trainable` or a multiplier of 0) leaves the statistics moving, as in PyTorch.
 * A layer around it that calls it without a key freezes them too, PyTorch's `eval()`:
 * `nn.layer("frozen", norm.init, (params, x) => norm(params, x))`.
 *
 * @throws RangeError on a momentum outside 0…1 and a negative epsilon; when applied, unless x is f32[batch,
 * ...] with the sizes of its parameters, and in training on one value per channel.
 *
 * @example
 * ```ts
 * import { key, nn, open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.batchNorm(), x = tensor([[1, 10], [3, 50]]), params = layer.init(key(0), x);
 * const [train, evaluation] = await run.read([layer(params, x, key(0)), layer(params, x)]);
 * console.assert(train!.every((y) => Math.abs(Math.abs(y) - 1) < 1e-4));
 * console.assert(Math.abs(evaluation![3]! - 50) < 1e-3);
 * const seen = await run.read(layer.observe!(params, x));
 * console.assert(Math.abs(seen.mean[0]! - 0.2) < 1e-6 && Math.abs(seen.variance[0]! - 1.1) < 1e-6);
 * ```
 */
export function batchNorm(options: BatchNormOptions = {}): Layer<BatchNormParams> {
  checkOptions(options);
  const { momentum = 0.1, epsilon = 1e-5, affine = true } = options;

  const init = (_: unknown, x: Spec): BatchNormParams => {
    const { sizes } = geometryOf(x, options.axes);
    const factors = affine && { scale: constant(1, sizes), b: constant(0, sizes) };
    return { ...factors, mean: constant(0, sizes), variance: constant(1, sizes) };
  };

  const measure = (x: Tensor) => {
    const sizes = geometryOf(x, options.axes);
    checkCount(sizes, x);
    return { ...sizes, ...moments(x, sizes.axes) };
  };

  const observe = (params: BatchNormParams, x: Tensor, share = momentum): BatchNormParams => {
    const { sizes, count, mean, variance } = measure(x);
    const move = (before: Tensor, now: Tensor, factor: number) => {
      const part = mul(reshape(now, sizes), share * factor);
      return share === 1 ? part : add(mul(before, 1 - share), part);
    };
    return {
      ...params,
      mean: move(params.mean, mean, 1),
      variance: move(params.variance, variance, count / (count - 1)),
    };
  };

  const made = layer<BatchNormParams>(
    "batchNorm",
    init,
    (params, x, key) => {
      const { kept, sizes } = geometryOf(x, options.axes), { scale, b, mean, variance } = params;
      checkSizes(params, sizes, x);
      const fit = (w: Tensor) => reshape(w, kept);
      const used = key ? measure(x) : { mean: fit(mean), variance: fit(variance) };
      return standardize(x, used, epsilon, { scale: scale && fit(scale), b: b && fit(b) });
    },
    undefined,
    observe,
  );
  return withOptions(made, { axes: options.axes, momentum, epsilon });
}

/** Throws TypeError on parameters of another layer, RangeError on those for other inputs. */
function checkSizes(params: BatchNormParams, sizes: Shape, x: Spec): void {
  const { mean, variance } = params;
  if (!mean || !variance) {
    throw new TypeError(
      `batchNorm: expected parameters with mean and variance, found ${
        Object.keys(params).join(", ") || "none"
      }`,
    );
  }
  for (const { shape } of Object.values(params)) {
    if (shape.join() === sizes.join()) continue;
    throw new RangeError(
      `batchNorm: expected inputs that its parameters [${shape}] fit, found ${showSpec(x)}`,
    );
  }
}
