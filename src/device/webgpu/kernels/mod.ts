/**
 * The table of WebGPU kernels: one per kernel op, checked by the compiler. Each module exports its kernels
 * under the names of their ops.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import type { Kernel } from "./kernel.ts";
import * as convolutions from "./conv.ts";
import * as products from "./matmul.ts";
import * as gathers from "./naive/gather.ts";
import * as poolings from "./naive/pool.ts";
import * as reductions from "./naive/reduce.ts";
import * as sortings from "./naive/sort.ts";

/** Every kernel by the name of its op. */
export const WEBGPU_KERNELS: Readonly<Record<KernelName, Kernel>> = {
  ...convolutions,
  ...gathers,
  ...products,
  ...poolings,
  ...reductions,
  ...sortings,
};
