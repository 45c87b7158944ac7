/**
 * The state that executables of a device share: queue, pool, caches, faults.
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

/** Creates the timer of a plan's dispatches; `shares` are the steps of each. */
export type CreateTimer = (
  plan: Plan,
  shares: readonly (readonly StepShare[])[],
) => PassTimer;

/** The state of a device that its executables share. */
export interface Context {
  readonly device: GPUDevice;
  readonly pool: BufferPool;
  readonly constants: Constants<Buffer>;
  readonly pipelines: PipelineCache;
  readonly traits: AdapterTraits;
  /** The most storage buffers of a merged shader. */
  readonly buffers: number;
  /** If given, dispatches are timed. */
  readonly createTimer: CreateTimer | undefined;
  /** Throws if the device has failed or is closed. */
  check(): void;
  /** Called after each submit. */
  submitted(): void;
}
