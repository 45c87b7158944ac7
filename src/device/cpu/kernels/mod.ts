/**
 * The CPU device's kernels, by op name. Kernel files export them under these names, and the type checker
 * reports a missing one.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import type { Kernel } from "../kernel.ts";
import * as convolutions from "./conv/mod.ts";
import * as gathers from "./gather.ts";
import * as products from "./matmul/mod.ts";
import * as poolings from "./pool/mod.ts";
import * as reductions from "./reduce/mod.ts";
import * as sortings from "./sort.ts";

/** Every kernel by the name of its op. */
export const KERNELS: Readonly<Record<KernelName, Kernel>> = {
  ...convolutions,
  ...gathers,
  ...products,
  ...poolings,
  ...reductions,
  ...sortings,
};
