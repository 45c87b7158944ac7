/**
 * goodinit: functional neural networks for Deno on WebGPU, and the paper "All You Need Is a Good Init"
 * (Mishkin & Matas, ICLR 2016) as working software.
 *
 * A net is a list of pure functions `(params, x, key?) => y` over immutable, lazy tensors; `lsuv` folds
 * over that list and returns new parameters. Building a graph computes nothing; a runtime from
 * {@linkcode open} runs it.
 *
 * @example Initialize a small net with LSUV
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * await using run = await g.open({ device: "reference" });
 * const net = g.sequential(
 *   g.nn.conv(4, 3, { padding: 1, pieces: 2 }),
 *   g.nn.maxPool(2),
 *   g.nn.flatten,
 *   g.nn.dense(10),
 * );
 * const images = g.normal(g.key(1), [8, 8, 8, 3]);
 * const initialize = (key: g.Key, x: g.Tensor) => g.lsuv(net, net.init(key, x), x);
 * const params = run.jit(initialize)(g.key(0), images);
 * const logits = await run.read(net(params, images));
 * console.assert(logits.length === 80);
 * ```
 *
 * @module
 */
// What every program uses, and the types in their signatures; everything else is in a namespace.
export { grad, valueAndGrad, type WithAuxiliary } from "./src/grad.ts";
export type { Data, DType, HostArray, HostData, Nested } from "./src/host_data.ts";
export { lsuv } from "./src/init/mod.ts";
export { type Layer, sequential, summary } from "./src/nn/mod.ts";
export { type Key, key, normal, split, uniform } from "./src/random.ts";
export {
  type Change,
  type JitOptions,
  type KernelProfile,
  type Memory,
  open,
  type Peak,
  type Profile,
  type RequiredMemory,
  type RunObserver,
  type Runtime,
  type Tuned,
  type WorkingMemory,
} from "./src/runtime/mod.ts";
export {
  type Distributed,
  distributed,
  type DistributedOptions,
  type Pending,
  type Reducible,
  type Reduction,
} from "./src/distributed/mod.ts";
export { DeviceError } from "./src/device/device_error.ts";
export { MemoryError } from "./src/device/memory_error.ts";
export type { DeviceName, OpenOptions } from "./src/device/open.ts";
export type { Shape } from "./src/shape.ts";
export type { Spec } from "./src/spec.ts";
export { type Params, placeholder, Tensor, tensor } from "./src/tensor.ts";
export { fit } from "./src/train/mod.ts";
export type { Tuple } from "./src/tuple.ts";

export * as data from "./src/data/mod.ts";
export * as init from "./src/init/mod.ts";
export * as models from "./src/models/mod.ts";
export * as nn from "./src/nn/mod.ts";
export * as ops from "./src/ops/mod.ts";
export * as optim from "./src/optim/mod.ts";
export * as random from "./src/random.ts";
export * as train from "./src/train/mod.ts";
export * as tree from "./src/tree.ts";
