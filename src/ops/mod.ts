/**
 * Every op, by kind. Each device implements {@linkcode SCALAR_OPS} and {@linkcode KERNEL_OPS}.
 *
 * @example Elementwise ops take tensors and numbers, and broadcast by NumPy's rule
 * ```ts
 * import { open, ops, tensor } from "@goodinit/goodinit";
 *
 * await using run = await open({ device: "reference" });
 * const x = tensor([[1, 2, 3]]), y = tensor([[10], [20]]);
 * const sum = ops.add(x, y), size = ops.sqrt(ops.add(ops.mul(x, x), 1));
 * console.assert((await run.read(sum)).join() === "11,12,13,21,22,23");
 * console.assert(size.shape.join() === "1,3");
 * ```
 *
 * @module
 */
import type { KernelOp, ViewOp } from "../tensor.ts";
import { broadcastToOp, sumOp } from "./broadcast.ts";
import { conv2dInputGradientOp, conv2dOp, conv2dWeightGradientOp } from "./conv.ts";
import { cumSumOp } from "./cum_sum.ts";
import { gatherOp, scatterAddOp } from "./gather.ts";
import { matmulOp } from "./matmul.ts";
import { avgPoolGradientOp, avgPoolOp, maxPoolScatterOp, maxPoolSelectOp } from "./pool.ts";
import { argMaxOp, maxOp } from "./reduce.ts";
import { padOp, sliceOp } from "./slice.ts";
import { argSortOp } from "./sort.ts";
import { aliasOp, reshapeOp, stopGradientOp, transposeOp } from "./view.ts";

/** The name of an op that needs a kernel. */
export type KernelName =
  | "sum"
  | "max"
  | "argMax"
  | "argSort"
  | "cumSum"
  | "matmul"
  | "conv2d"
  | "conv2dInputGradient"
  | "conv2dWeightGradient"
  | "maxPoolSelect"
  | "maxPoolScatter"
  | "avgPool"
  | "avgPoolGradient"
  | "gather"
  | "scatterAdd";

/** Every op that needs a kernel of its own, by name. */
export const KERNEL_OPS: Readonly<Record<KernelName, KernelOp>> = {
  sum: sumOp,
  max: maxOp,
  argMax: argMaxOp,
  argSort: argSortOp,
  cumSum: cumSumOp,
  matmul: matmulOp,
  conv2d: conv2dOp,
  conv2dInputGradient: conv2dInputGradientOp,
  conv2dWeightGradient: conv2dWeightGradientOp,
  maxPoolSelect: maxPoolSelectOp,
  maxPoolScatter: maxPoolScatterOp,
  avgPool: avgPoolOp,
  avgPoolGradient: avgPoolGradientOp,
  gather: gatherOp,
  scatterAdd: scatterAddOp,
};

/** The name of a view. */
export type ViewName =
  | "alias"
  | "stopGradient"
  | "reshape"
  | "transpose"
  | "slice"
  | "pad"
  | "broadcastTo";

/** Every view, by name. */
export const VIEW_OPS: Readonly<Record<ViewName, ViewOp>> = {
  alias: aliasOp,
  stopGradient: stopGradientOp,
  reshape: reshapeOp,
  transpose: transposeOp,
  slice: sliceOp,
  pad: padOp,
  broadcastTo: broadcastToOp,
};

export { attention, type AttentionOptions } from "./attention.ts";
export { broadcastTo, sumTo } from "./broadcast.ts";
export { concat, split, type SplitParts, stack } from "./concat.ts";
export { conv2d } from "./conv.ts";
export {
  conv1d,
  type Conv1dOptions,
  convTranspose1d,
  type ConvTranspose1dOptions,
} from "./conv1d.ts";
export type { AxisPadding, ConvOptions, Padding, PerAxis } from "./conv_options.ts";
export { convTranspose2d, type ConvTransposeOptions } from "./conv_transpose.ts";
export { cumSum, type CumSumOptions } from "./cum_sum.ts";
export { arange, eye, linspace, ones, tril, triu, zeros } from "./create.ts";
export { custom, type Gradients } from "./custom.ts";
export { ceil, clip, cos, round, rsqrt, sin, square } from "./elementary.ts";
export { einsum } from "./einsum.ts";
export { expm1, log1p, softplus } from "./exponential.ts";
export { gather, type GatherOptions, oneHot, scatterAdd, takeAlong } from "./gather.ts";
export { all, any, isFinite, isNaN, logicalAnd, logicalNot, logicalOr, notEqual } from "./logic.ts";
export { matmul } from "./matmul.ts";
export { argMin, norm, type NormOptions, prod, std } from "./norms.ts";
export { pad, type PadMode, type PadOptions } from "./padding.ts";
export { avgPool2d, type AvgPoolOptions, maxPool2d } from "./pool.ts";
export type { PoolOptions } from "./pool_geometry.ts";
export {
  argMax,
  logSoftmax,
  logSumExp,
  max,
  mean,
  min,
  type ReduceOptions,
  softmax,
  sum,
  variance,
} from "./reduce.ts";
export { expandDims, flip, moveAxis, repeat, roll, squeeze, tile } from "./rearrange.ts";
export * from "./scalar.ts";
export { scan, type ScanOptions } from "./scan.ts";
export { type PadWidths, slice } from "./slice.ts";
export { argSort, sort, type SortOptions, topK, type TopKOptions } from "./sort.ts";
export { alias, reshape, stopGradient, transpose } from "./view.ts";
export type { Axes, View, ViewAxis } from "../shape.ts";
export type { ArgSpec } from "../spec.ts";
export type {
  Attrs,
  ConcatOp,
  KernelOp,
  LeafOp,
  MapOp,
  Op,
  OpBase,
  ViewOp,
  Vjp,
} from "../tensor.ts";
export type { Known } from "../tuple.ts";
