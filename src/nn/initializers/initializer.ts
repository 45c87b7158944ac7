/**
 * Initializers: the distributions of a layer's weights before any data is seen.
 *
 * @module
 */
import { mul } from "../../ops/mod.ts";
import { type Key, normal, uniform } from "../../random.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { orthonormalColumns } from "./orthonormal.ts";

/** The weights to initialize: `count` independent tensors of one shape. */
export interface WeightSpec {
  /** Maxout pieces, or groups of a convolution. */
  readonly count: number;
  /** The shape of each: [height, width, in, out] or [in, out]. */
  readonly shape: Shape;
  /** The inputs of one output. */
  readonly fanIn: number;
  /** The outputs that one input reaches, of one piece. */
  readonly fanOut: number;
}

/** Makes weights, [count, ...shape], from a key. */
export type Initializer = (key: Key, spec: WeightSpec) => Tensor;

const uniformWithin = (limit: (spec: WeightSpec) => number): Initializer => (key, spec) =>
  uniform(key, [spec.count, ...spec.shape], -limit(spec), limit(spec));

/**
 * Normally distributed with standard deviation `std`.
 *
 * @example
 * ```ts
 * import { init, key, nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.dense(100, { init: init.gaussian(0.01) });
 * const { w } = layer.init(key(0), { shape: [1, 50], dtype: "f32" });
 * const [variance] = await run.read(ops.variance(w));
 * console.assert(Math.abs(variance! / 1e-4 - 1) < 0.1);
 * ```
 */
export const gaussian = (std: number): Initializer => (key, { count, shape }) =>
  mul(normal(key, [count, ...shape]), std);

/**
 * Uniform in ±√(3 / fan-in), variance 1 / fan-in: Caffe's `xavier`.
 *
 * @example
 * ```ts
 * import { init, key, nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.dense(100, { init: init.xavierFanIn });
 * const { w } = layer.init(key(0), { shape: [1, 50], dtype: "f32" });
 * const [variance] = await run.read(ops.variance(w));
 * console.assert(Math.abs(variance! * 50 - 1) < 0.1);
 * ```
 */
export const xavierFanIn: Initializer = uniformWithin(({ fanIn }) => Math.sqrt(3 / fanIn));

/**
 * Uniform in ±√(6 / (fan-in + fan-out)): Glorot & Bengio (2010), eq. 16.
 *
 * @example
 * ```ts
 * import { init, key, nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.dense(100, { init: init.glorot });
 * const { w } = layer.init(key(0), { shape: [1, 50], dtype: "f32" });
 * const [variance] = await run.read(ops.variance(w));
 * console.assert(Math.abs(variance! * 75 - 1) < 0.1);
 * ```
 */
export const glorot: Initializer = uniformWithin(({ fanIn, fanOut }) =>
  Math.sqrt(6 / (fanIn + fanOut))
);

/**
 * Normal of variance 2 / fan-in: He et al. (2015), eq. 10; Caffe's `msra`.
 *
 * @example
 * ```ts
 * import { init, key, nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.dense(100, { init: init.he });
 * const { w } = layer.init(key(0), { shape: [1, 50], dtype: "f32" });
 * const [variance] = await run.read(ops.variance(w));
 * console.assert(Math.abs(variance! * 25 - 1) < 0.1);
 * ```
 */
export const he: Initializer = (key, spec): Tensor =>
  gaussian(Math.sqrt(2 / spec.fanIn))(key, spec);

/**
 * `gain` times a matrix [inputs of one output, out] with orthonormal columns, uniformly distributed (by
 * Haar measure); with orthonormal rows if there are more columns than rows. Saxe et al. (2013); step 1 of
 * LSUV (paper, section 3).
 *
 * @example
 * ```ts
 * import { init, key, nn, open, ops } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const layer = nn.dense(3, { init: init.orthonormal(2) });
 * const { w } = layer.init(key(0), { shape: [1, 8], dtype: "f32" });
 * const gram = await run.read(ops.matmul(ops.transpose(w), w)); // 4 times the identity matrix.
 * console.assert([4, 0, 0, 0, 4, 0, 0, 0, 4].every((x, i) => Math.abs(x - gram[i]!) < 1e-4));
 * ```
 */
export const orthonormal = (gain = 1): Initializer => (key, { count, shape }) => {
  const out = shape[shape.length - 1]!;
  const rows = shape.slice(0, -1).reduce((n, d) => n * d, 1);
  return orthonormalColumns(normal(key, [count, rows, out]), gain, [count, ...shape]);
};
