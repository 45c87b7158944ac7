/**
 * The CPU device's kernels: one for every kernel op, or this file does not type-check.
 *
 * @module
 */
import type { KernelName } from "../../../ops/mod.ts";
import type { Access } from "../../../plan/plan.ts";
import type { Lower } from "../kernel.ts";
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from "./conv/mod.ts";
import { gather, scatterAdd } from "./gather.ts";
import { matmul } from "./matmul.ts";
import { avgPool, avgPoolGradient, maxPoolScatter, maxPoolSelect } from "./pool.ts";
import { argMax, max, sum } from "./reduce.ts";

/** A kernel, and how it reads each of its arguments. */
export interface Kernel {
  readonly lower: Lower;
  readonly access: readonly Access[];
}

/** Every kernel by the name of its op. */
export const KERNELS: Readonly<Record<KernelName, Kernel>> = {
  sum: { lower: sum, access: ["any"] },
  max: { lower: max, access: ["any"] },
  argMax: { lower: argMax, access: ["direct"] },
  matmul: { lower: matmul, access: ["any", "any"] },
  conv2d: { lower: conv2d, access: ["any", "direct"] },
  conv2dInputGradient: { lower: conv2dInputGradient, access: ["any", "direct"] },
  conv2dWeightGradient: { lower: conv2dWeightGradient, access: ["any", "any"] },
  maxPoolSelect: { lower: maxPoolSelect, access: ["direct", "direct"] },
  maxPoolScatter: { lower: maxPoolScatter, access: ["direct", "direct"] },
  avgPool: { lower: avgPool, access: ["direct"] },
  avgPoolGradient: { lower: avgPoolGradient, access: ["direct"] },
  gather: { lower: gather, access: ["direct", "direct"] },
  scatterAdd: { lower: scatterAdd, access: ["direct", "direct"] },
};
