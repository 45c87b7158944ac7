/**
 * Every op, by kind. Devices cover {@linkcode SCALARS} and {@linkcode KERNELS}; tests sweep them.
 *
 * @module
 */
import type { KernelOp, ViewOp } from "../tensor.ts";
import { broadcastToOp, sumOp } from "./broadcast.ts";
import { conv2dInputGradientOp, conv2dOp, conv2dWeightGradientOp } from "./conv.ts";
import { gatherOp, scatterAddOp } from "./gather.ts";
import { matmulOp } from "./matmul.ts";
import { avgPoolGradientOp, avgPoolOp, maxPoolScatterOp, maxPoolSelectOp } from "./pool.ts";
import { argMaxOp, maxOp } from "./reduce.ts";
import { padOp, sliceOp } from "./slice.ts";
import { aliasOp, reshapeOp, stopGradientOp, transposeOp } from "./view.ts";

/** The name of an op that needs a kernel. */
export type KernelName =
  | "sum"
  | "max"
  | "argMax"
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
export const KERNELS: Readonly<Record<KernelName, KernelOp>> = {
  sum: sumOp,
  max: maxOp,
  argMax: argMaxOp,
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
export const VIEWS: Readonly<Record<ViewName, ViewOp>> = {
  alias: aliasOp,
  stopGradient: stopGradientOp,
  reshape: reshapeOp,
  transpose: transposeOp,
  slice: sliceOp,
  pad: padOp,
  broadcastTo: broadcastToOp,
};

export { broadcastTo, sumTo } from "./broadcast.ts";
export { conv2d, type ConvOptions } from "./conv.ts";
export { gather, oneHot, scatterAdd } from "./gather.ts";
export { matmul } from "./matmul.ts";
export { avgPool2d, maxPool2d, type PoolOptions } from "./pool.ts";
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
export {
  abs,
  add,
  cast,
  constant,
  div,
  equal,
  exp,
  floor,
  greater,
  greaterEqual,
  iota,
  less,
  lessEqual,
  log,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  pow,
  remainder,
  type ScalarName,
  SCALARS,
  shiftRight,
  sigmoid,
  sign,
  sqrt,
  sub,
  tanh,
  where,
} from "./scalar.ts";
export { concat, pad, slice, stack } from "./slice.ts";
export { alias, reshape, stopGradient, transpose } from "./view.ts";
