/**
 * The CPU device's kernels: one for every kernel op, or this file does not type-check. Each file of kernels
 * exports them by the names of their ops.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import type { Kernel } from "../kernel.ts";
import * as convolutions from "./conv/mod.ts";
import * as gathers from "./gather.ts";
import * as products from "./matmul.ts";
import * as poolings from "./pool/mod.ts";
import * as reductions from "./reduce/mod.ts";

/** Every kernel by the name of its op. */
export const KERNELS: Readonly<Record<KernelName, Kernel>> = {
  ...convolutions,
  ...gathers,
  ...products,
  ...poolings,
  ...reductions,
};
