/**
 * Layer-sequential unit-variance initialisation: Mishkin & Matas, "All You Need Is a Good Init"
 * (ICLR 2016), algorithm 1, as a pure fold over the layers.
 *
 * @module
 */
import {
  abs,
  add,
  cast,
  constant,
  div,
  greater,
  greaterEqual,
  less,
  lessEqual,
  mul,
  sqrt,
  sub,
  where,
} from "../ops/mod.ts";
import type { Layer } from "../nn/layer.ts";
import { type Params, showSpec, type Tensor } from "../tensor.ts";
import { type LsuvOptions, resolve, type Resolved } from "./lsuv_options.ts";
import { measure, type Measured, unchanged } from "./measure.ts";
import { places, replaceAt, walk } from "./walk.ts";

/** A variance at most this large counts as zero: the weights are then left alone. */
export const ZERO_VARIANCE = 1e-12;

/** What happened to one layer. Every tensor has one element a maxout piece (or one in all, for `input`). */
export type UnitReport = {
  /** The variance found, f32. */
  readonly before: Tensor;
  /** The variance left, f32. */
  readonly after: Tensor;
  /** The number of rescalings, i32. */
  readonly trials: Tensor;
  /** 1 where the variance left is within the tolerance, else 0; u32. */
  readonly converged: Tensor;
  /** 1 where the variance is zero, so that nothing can be done; u32. */
  readonly zero: Tensor;
};

/** A report a scaled layer, in the order of {@linkcode unitNames}. */
export type Report = readonly UnitReport[];

/** 1 where a variance is to be brought nearer to 1, and can be; u32. */
const needsScaling = (variance: Tensor, tolerance: number): Tensor =>
  mul(
    greaterEqual(abs(sub(variance, 1)), tolerance),
    greater(variance, ZERO_VARIANCE),
  );

/** What the trial loop of one layer comes to. */
interface Rescaled {
  /** What the weights are multiplied by, [groups]. */
  readonly factors: Tensor;
  readonly report: UnitReport;
  /** What leaves the segment. */
  readonly end: Tensor;
}

/** The trial loop of algorithm 1 on one batch, laid out. */
function rescale({ groups, scaled }: Measured, { tolerance, unroll }: Resolved): Rescaled {
  let factors = constant(1, [groups]), trials = constant(0, [groups], "i32");
  let { variances: after, end } = scaled(factors);
  const before = after;
  for (let trial = 0; trial < unroll; trial++) {
    const retry = needsScaling(after, tolerance);
    factors = div(factors, sqrt(where(retry, after, 1)));
    trials = add(trials, cast(retry, "i32"));
    ({ variances: after, end } = scaled(factors));
  }
  const converged = less(abs(sub(after, 1)), tolerance);
  const zero = lessEqual(after, ZERO_VARIANCE);
  return { factors, end, report: { before, after, trials, converged, zero } };
}

/** One factor for all pieces, or each its own, as one a piece. */
export const perPiece = (factors: Tensor, pieces: number): Tensor =>
  mul(constant(1, [pieces]), factors);

function checkBatch(x: Tensor): void {
  if (x.dtype === "f32" && x.rank >= 2) return;
  throw new RangeError(`lsuv: expected a batch of inputs, f32[batch, ...], found ${showSpec(x)}`);
}

/**
 * {@linkcode lsuv}, and a report for each layer.
 *
 * @returns The new parameters and the report, in the order of {@linkcode unitNames}. A layer that does
 * not converge, or whose variance is zero, is reported, not thrown.
 *
 * @example
 * ```ts
 * import { dense, key, lsuvWithReport, normal, open, relu, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(dense(16), relu, dense(4)), x = normal(key(1), [64, 8]);
 * const [params, report] = lsuvWithReport(net.layers, net.init(key(0), x), x);
 * const { after, converged } = await run.read(report[1]!);
 * console.assert(Math.abs(after[0]! - 1) < 0.1 && converged[0] === 1 && params.length === 3);
 * ```
 */
export function lsuvWithReport<P extends Params>(
  layers: readonly Layer[],
  params: P,
  x: Tensor,
  options: LsuvOptions = {},
): readonly [P, Report] {
  const resolved = resolve(options);
  checkBatch(x);
  const reports: UnitReport[] = [];
  let scaled = params;
  walk(layers, params, x, resolved.key, (at) => {
    if (!resolved.chosen(at)) return unchanged(at);
    const { unit, path } = at, { factors, end, report } = rescale(measure(at, resolved), resolved);
    reports.push(report);
    scaled = replaceAt(scaled, path, unit.scale(at.params, perPiece(factors, unit.pieces)));
    return end;
  });
  return [scaled, reports];
}

/**
 * LSUV: scales the weights of each layer, in execution order, so that its output on a batch has unit
 * variance (one population variance over all images, positions and channels; each maxout piece is a
 * layer of its own). Biases are never touched; the classifier is included.
 *
 * A pure function, so that it runs under `jit` without reading anything back: the activations go
 * forward as the fold goes on, and rescaled variances are worked out rather than measured again, so
 * that all of it costs about one forward pass.
 *
 * @param layers The layers of a net, such as `net.layers`.
 * @param params Their parameters, pre-initialised: with orthonormal weights for the paper's method.
 * @param x A batch of inputs.
 * @returns The parameters with scaled weights.
 * @throws RangeError on no layers, parameters that do not fit, or options out of range.
 *
 * @example
 * ```ts
 * import { conv, dense, flatten, lsuv, relu, sequential } from "@goodinit/goodinit";
 * import { type Key, key, normal, open, type Tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(conv(8, 3), relu, flatten, dense(10));
 * const images = normal(key(1), [4, 8, 8, 1]);
 * const init = run.jit((k: Key, x: Tensor) => lsuv(net.layers, net.init(k, x), x));
 * const params = init(key(0), images);
 * console.assert(params[0].w.shape.join() === "3,3,1,8");
 * ```
 */
export const lsuv = <P extends Params>(
  layers: readonly Layer[],
  params: P,
  x: Tensor,
  options: LsuvOptions = {},
): P => lsuvWithReport(layers, params, x, options)[0];

/**
 * The variances that {@linkcode lsuv} looks at, as they are: for each layer, in the order of
 * {@linkcode unitNames}, f32 with one element a piece (one in all for `normalize: "input"`).
 *
 * @example
 * ```ts
 * import { dense, key, normal, open, relu, sequential, variances } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(dense(16), relu, dense(4)), x = normal(key(1), [64, 8]);
 * const found = await run.read(variances(net.layers, net.init(key(0), x), x));
 * console.assert(found.length === 2); // One of each dense layer.
 * ```
 */
export const variances = (
  layers: readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): readonly Tensor[] => variancesAndOutput(layers, params, x, options)[0];

/** What {@linkcode variances} gives, and what leaves the last layer: one pass for both. */
export function variancesAndOutput(
  layers: readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): readonly [variances: readonly Tensor[], output: Tensor] {
  const resolved = resolve(options);
  checkBatch(x);
  const found: Tensor[] = [];
  const output = walk(layers, params, x, resolved.key, (at) => {
    if (resolved.chosen(at)) {
      const { groups, scaled } = measure(at, resolved);
      found.push(scaled(constant(1, [groups])).variances);
    }
    return unchanged(at);
  });
  return [found, output];
}

/**
 * The names of the layers that {@linkcode lsuv} scales, in its order: path and kind, `[2][0] conv`.
 *
 * @example
 * ```ts
 * import { dense, relu, residual, sequential, unitNames } from "@goodinit/goodinit";
 *
 * const net = sequential(dense(8), relu, residual(sequential(dense(8), relu)));
 * console.assert(unitNames(net.layers).join() === "[0] dense,[2][0][0] dense");
 * ```
 */
export function unitNames(layers: readonly Layer[], options: LsuvOptions = {}): readonly string[] {
  const { chosen } = resolve(options);
  return places(layers).filter(chosen).map(({ name }) => name);
}
