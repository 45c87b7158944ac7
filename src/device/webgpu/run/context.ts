/**
 * What executables share of their device.
 *
 * @module
 */
import type { Plan } from "../../../plan/plan.ts";
import type { Constants } from "../../constants.ts";
import type { AdapterTraits } from "../kernels/adapter_traits.ts";
import type { StepShare } from "../shader/dispatches.ts";
import type { Buffer, BufferPool } from "./buffer_pool.ts";
import type { PassTimer } from "./passes.ts";
import type { PipelineCache } from "./pipeline_cache.ts";

/** Makes what times the dispatches of a plan; `shares` are the steps of each. */
export type CreateTimer = (
  plan: Plan,
  shares: readonly (readonly StepShare[])[],
) => PassTimer;

/** What executables share of their device. */
export interface Context {
  readonly device: GPUDevice;
  readonly pool: BufferPool;
  readonly constants: Constants<Buffer>;
  readonly pipelines: PipelineCache;
  readonly traits: AdapterTraits;
  /** The most storage buffers that shaders that run as one may have together. */
  readonly buffers: number;
  /** Given, dispatches are timed. */
  readonly createTimer: CreateTimer | undefined;
  /** Throws if the device has failed. */
  check(): void;
  /** Called after each submit. */
  submitted(): void;
}
