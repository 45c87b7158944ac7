/**
 * The runtime: opens devices, compiles functions, and reads tensors.
 *
 * @module
 */
export { runtimeOn } from "./device_runtime.ts";
export { open } from "./open.ts";
export type {
  Change,
  JitOptions,
  Memory,
  RequiredMemory,
  Runtime,
  WorkingMemory,
} from "./types.ts";
export type { RunObserver, Tuned } from "../device/device.ts";
export type { KernelProfile, Peak, Profile } from "../device/profile.ts";
