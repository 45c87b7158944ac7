/**
 * goodinit: functional neural networks for Deno on WebGPU, and the paper "All You Need Is a Good Init"
 * (Mishkin & Matas, ICLR 2016) as working software.
 *
 * A net is a list of pure functions `(params, x, key?) => y` over immutable, lazy tensors; `lsuv` is a
 * fold over that list that returns new parameters. Describing a computation is free; a runtime from
 * {@linkcode open} runs it.
 *
 * @example Initialise a small net with LSUV
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * await using run = await g.open({ device: "reference" });
 * const net = g.sequential(
 *   g.conv(4, 3, { padding: 1, pieces: 2 }),
 *   g.maxPool(2),
 *   g.flatten,
 *   g.dense(10),
 * );
 * const images = g.normal(g.key(1), [8, 8, 8, 3]);
 * const initialize = (key: g.Key, x: g.Tensor) => g.lsuv(net, net.init(key, x), x);
 * const params = run.jit(initialize)(g.key(0), images);
 * const scores = await run.read(net(params, images));
 * console.assert(scores.length === 80);
 * ```
 *
 * @module
 */
export * from "./src/data/mod.ts";
export { grad, valueAndGrad } from "./src/grad.ts";
export * from "./src/init/mod.ts";
export * from "./src/models/mod.ts";
export * from "./src/nn/mod.ts";
export * as ops from "./src/ops/mod.ts";
export * from "./src/optim/mod.ts";
export { bernoulli, bits, foldIn, type Key, key, normal, split, uniform } from "./src/random.ts";
export {
  type JitOptions,
  type KernelProfile,
  type Memory,
  open,
  type Peak,
  type Profile,
  type Runtime,
  type Tuned,
} from "./src/runtime/mod.ts";
export type { DeviceName, OpenOptions } from "./src/device/open.ts";
export type { ConvOptions, PoolOptions } from "./src/ops/mod.ts";
export type { Axes, Shape, View, ViewAxis } from "./src/shape.ts";
export { type Curve, curve, type Series } from "./src/show/curve.ts";
export type { ArgSpec, Spec } from "./src/spec.ts";
export {
  type Attrs,
  type ConcatOp,
  hole,
  type KernelOp,
  type LeafOp,
  type MapOp,
  type Op,
  type OpBase,
  type Params,
  Tensor,
  tensor,
  type ViewOp,
  type Vjp,
} from "./src/tensor.ts";
export type { Data, DType, HostArray, HostData, Nested } from "./src/host_data.ts";
export * from "./src/train/mod.ts";
export { seedWords, type Words } from "./src/threefry.ts";
export { entries, LEAF, type Leaf, leaves, type MapTree, mapTree, type Tree } from "./src/tree.ts";
export type { Known, Tuple } from "./src/tuple.ts";
