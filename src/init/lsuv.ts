/**
 * Layer-sequential unit-variance initialization: Mishkin & Matas, "All You Need Is a Good Init"
 * (ICLR 2016), algorithm 1, as a pure fold over the layers as they run.
 *
 * @module
 */
import {
  abs,
  add,
  cast,
  constant,
  div,
  equal,
  greaterEqual,
  less,
  maximum,
  minimum,
  mul,
  sub,
  where,
} from "../ops/mod.ts";
import { oneLayer } from "../nn/compose.ts";
import type { Layer } from "../nn/layer.ts";
import { isProportional } from "../nn/weights.ts";
import type { Params, Tensor } from "../tensor.ts";
import { showSpec, type Spec } from "../spec.ts";
import { type LsuvOptions, resolve, type Resolved } from "./lsuv_options.ts";
import { measure, run, type Spread } from "./measure.ts";
import { type Settled, type Visit, walk } from "./walk.ts";

export { ZERO_VARIANCE } from "./measure.ts";

/** What happened to one use of a layer. Every tensor has one element a maxout piece (or one in all, for `input`). */
export type UnitReport = {
  /** The variance found, f32. */
  readonly before: Tensor;
  /** The variance left, f32: what the returned parameters do on this batch. */
  readonly after: Tensor;
  /** The number of rescalings, i32. */
  readonly trials: Tensor;
  /** 1 where the variance left is within the tolerance, else 0; u32. */
  readonly converged: Tensor;
  /** 1 where the weights bring no variance, so that nothing can be done; u32. */
  readonly zero: Tensor;
};

/**
 * What an initialization found and did. It holds only tensors, so that it goes through `jit` and `read`;
 * names are its properties.
 */
export type Report = {
  /**
   * Each use of a layer with weights, in execution order, by its path and kind, `[2][0] conv`. The first
   * use is scaled. Further ones are reported as they are then: `[0] dense, use 2` of the same layer,
   * `[3] dense, weights of [0] dense` of another that has the same tensors.
   */
  readonly units: { readonly [name: string]: UnitReport };
  /**
   * Parameters of two axes and more that are in no layer with a `unit`, and so were left alone, by path:
   * u32, 1 where the net's output depends on them, 0 where no layer used them.
   */
  readonly uncovered: { readonly [path: string]: Tensor };
};

/** Factors stay within, so that weights that are scaled neither vanish nor overflow. */
export const FACTORS: readonly [least: number, most: number] = [2 ** -100, 2 ** 100];

/** Deviations are compared up to here, where their squares are finite. */
const COMPARABLE = 1e15;

/** Below all infinite and above all finite numbers that matter. */
const FINITE = 3e38;

/** How far variances are from 1; the same far for all whose squares overflow. */
const distance = ({ variance, deviation }: Spread): Tensor =>
  abs(sub(where(less(deviation, COMPARABLE), variance, COMPARABLE), 1));

/** 1 where a variance is to be brought nearer to 1, and can be; u32. */
const needsScaling = (spread: Spread, tolerance: number): Tensor =>
  mul(
    mul(greaterEqual(distance(spread), tolerance), less(spread.deviation, FINITE)),
    equal(spread.zero, 0),
  );

type Outcome = Settled & { readonly report: UnitReport };

const report = (before: Tensor, found: Spread, trials: Tensor, tolerance: number): UnitReport => ({
  before,
  after: found.variance,
  trials,
  converged: less(distance(found), tolerance),
  zero: found.zero,
});

/** One factor for all pieces, or each its own, as one a piece. */
export const perPiece = (factors: Tensor, pieces: number): Tensor =>
  mul(constant(1, [pieces]), factors);

/** A layer as it is. */
function left(at: Visit, options: Resolved): Outcome {
  const { spread, end } = run(at, at.params, options), { variance } = spread;
  return {
    end,
    report: report(variance, spread, constant(0, variance.shape, "i32"), options.tolerance),
  };
}

/** The trial loop of algorithm 1 on one batch, laid out; then the layer runs with what it came to. */
function rescale(at: Visit, options: Resolved): Outcome {
  if (!at.free) return left(at, options);
  const { groups, scaled } = measure(at, options), { tolerance, unroll } = options;
  let factors = constant(1, [groups]), trials = constant(0, [groups], "i32");
  let found = scaled(factors);
  const before = found.variance;
  for (let trial = 0; trial < unroll; trial++) {
    const retry = needsScaling(found, tolerance);
    const next = div(factors, where(retry, found.deviation, 1));
    factors = minimum(maximum(next, FACTORS[0]), FACTORS[1]);
    trials = add(trials, cast(retry, "i32"));
    found = scaled(factors);
  }
  const params = at.unit.scale(at.params, perPiece(factors, at.unit.pieces));
  if (options.normalize === "output" && isProportional(at.unit)) {
    return { end: at.apply(params), params, report: report(before, found, trials, tolerance) };
  }
  // What other layers make of a factor is measured.
  const { spread, end } = run(at, params, options);
  return { end, params, report: report(before, spread, trials, tolerance) };
}

function checkBatch(x: Spec): void {
  if (x.dtype === "f32" ? x.shape.length >= 2 : x.shape.length >= 1) return;
  throw new RangeError(
    `lsuv: expected a batch of inputs, f32[batch, ...], found ${showSpec(x)}`,
  );
}

/** The net of what is given. */
export function netOf(net: Layer | readonly Layer[]): Layer {
  if (Array.isArray(net) && net.length === 0) {
    throw new RangeError("lsuv: expected at least one layer, found none");
  }
  return oneLayer(net);
}

/** Walks a net, and names what each visit came to. */
export function fold<P extends Params, R>(
  net: Layer | readonly Layer[],
  params: P,
  x: Tensor,
  options: Resolved,
  visit: (at: Visit) => Settled & { readonly report: R },
) {
  const units: Record<string, R> = {}, layer = netOf(net);
  checkBatch(x);
  const walked = walk(layer, params, x, options.key, options, (at) => {
    const { report, ...settled } = visit(at);
    units[at.name] = report;
    return settled;
  });
  return { ...walked, units };
}

/**
 * {@linkcode lsuv}, and a report for each layer.
 *
 * @returns The new parameters and the report. A layer that does not converge, or whose variance is zero
 * or not finite, is reported, not thrown; so are further uses of weights, and weights that are in no
 * layer with a `unit`.
 *
 * @example
 * ```ts
 * import { init, key, nn, normal, open, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(16), nn.relu, nn.dense(4)), x = normal(key(1), [64, 8]);
 * const [params, report] = init.lsuvWithReport(net, net.init(key(0), x), x);
 * const { after, converged } = await run.read(report.units["[2] dense"]!);
 * console.assert(Math.abs(after[0]! - 1) < 0.1 && converged[0] === 1 && params.length === 3);
 * ```
 */
export function lsuvWithReport<P extends Params>(
  net: Layer | readonly Layer[],
  params: P,
  x: Tensor,
  options: LsuvOptions = {},
): readonly [P, Report] {
  const resolved = resolve(options);
  const { params: scaled, units, uncovered, stale } = fold(
    net,
    params,
    x,
    resolved,
    (at) => rescale(at, resolved),
  );
  const now = stale ? fold(net, scaled, x, resolved, (at) => left(at, resolved)).units : {};
  const names = Object.keys(units);
  return [scaled, {
    units: Object.fromEntries(names.map((name) => {
      const { before, trials } = units[name]!;
      return [name, { ...units[name]!, ...now[name], before, trials }];
    })),
    uncovered: Object.fromEntries(
      Object.entries(uncovered).map(([path, used]) => [path, constant(Number(used), [], "u32")]),
    ),
  }];
}

/**
 * LSUV: scales the weights of each layer, in execution order, so that its output on a batch has unit
 * variance (one population variance over all images, positions and channels; each maxout piece is a
 * layer of its own). Biases are never touched; the classifier is included.
 *
 * The net is run, so that any net will do: parts in any order, parts called several times, layers of
 * one's own that call layers. Weights have one scale, which their first use decides. Weights that are
 * in no layer with a `unit`, such as a table of embeddings, stay as they are; what a net does with them
 * is seen in {@linkcode lsuvWithReport}.
 *
 * A pure function, so that it runs under `jit` without reading anything back: rescaled variances are
 * worked out rather than measured again, and the activations go forward as the new weights make them, so
 * that all of it costs two to three forward passes and what is reported is what the weights do.
 *
 * @param net A net, or a list of layers that run one after another. `net.layers` is the net.
 * @param params Its parameters, pre-initialized: with orthonormal weights for the paper's method.
 * @param x A batch of inputs, f32 [batch, ...], or integers for layers that take them.
 * @returns The parameters with scaled weights.
 * @throws RangeError on no layers, parameters that do not fit, options out of range, or if all weights
 * are in layers without a `unit`.
 *
 * @example
 * ```ts
 * import { type Key, key, lsuv, nn } from "@goodinit/goodinit";
 * import { normal, open, sequential, type Tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.conv(8, 3), nn.relu, nn.flatten, nn.dense(10));
 * const images = normal(key(1), [4, 8, 8, 1]);
 * const init = run.jit((k: Key, x: Tensor) => lsuv(net, net.init(k, x), x));
 * const params = init(key(0), images);
 * console.assert(params[0].w.shape.join() === "3,3,1,8");
 * ```
 */
export const lsuv = <P extends Params>(
  net: Layer | readonly Layer[],
  params: P,
  x: Tensor,
  options: LsuvOptions = {},
): P => {
  const [scaled, { units, uncovered }] = lsuvWithReport(net, params, x, options);
  const alone = Object.keys(uncovered);
  if (Object.keys(units).length === 0 && alone.length > 0 && !options.only) {
    throw new RangeError(
      `lsuv: expected weights in layers with a unit, found them elsewhere alone: ${
        alone.join(", ")
      }`,
    );
  }
  return scaled;
};

/**
 * The variances that {@linkcode lsuv} measures, as they are: for each use of a layer with weights, in
 * execution order, f32 with one element a piece (one in all for `normalize: "input"`).
 *
 * @example
 * ```ts
 * import { init, key, nn, normal, open, sequential } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const net = sequential(nn.dense(16), nn.relu, nn.dense(4)), x = normal(key(1), [64, 8]);
 * const found = await run.read(init.variances(net, net.init(key(0), x), x));
 * console.assert(found.length === 2); // One of each dense layer.
 * ```
 */
export const variances = (
  net: Layer | readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): readonly Tensor[] => Object.values(variancesAndOutput(net, params, x, options)[0]);

/** What {@linkcode variances} gives, by name, and what leaves the net: one pass for both. */
export function variancesAndOutput(
  net: Layer | readonly Layer[],
  params: Params,
  x: Tensor,
  options: LsuvOptions = {},
): readonly [variances: Readonly<Record<string, Tensor>>, output: Tensor] {
  const resolved = resolve(options);
  const { units, output } = fold(net, params, x, resolved, (at) => {
    const { spread, end } = run(at, at.params, resolved);
    return { end, report: spread.variance };
  });
  return [units, output];
}
