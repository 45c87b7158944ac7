/**
 * Training: steps, evaluation, a loop that tells its events, and files of parameters.
 *
 * @module
 */
export { type Evaluation, evaluator } from "./evaluate.ts";
export { type Checkpoint, CheckpointError } from "./checkpoint/checkpoint.ts";
export { findCheckpoint, type FoundCheckpoint } from "./checkpoint/checkpoint_folder.ts";
export type { CheckpointOptions } from "./checkpoint/resume.ts";
export {
  type CheckpointEvent,
  DivergedError,
  type EndEvent,
  type EpochEvent,
  type EpochRecord,
  type FitEvent,
  type Progress,
  type ProgressEvent,
} from "./events.ts";
export { writeAtomically } from "./write_atomically.ts";
export type { Fingerprint } from "./checkpoint/fingerprint.ts";
export { fit, type FitOptions } from "./fit.ts";
export { type RunKeys, runKeys } from "./keys.ts";
export { type Loss, LOSSES, type LossName } from "./losses.ts";
export { type ImageSize, minibatch } from "./input/batch_tensors.ts";
export { type LoadOptions, loadParams, saveParams, storedName } from "./safetensors/params_file.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  SafetensorsError,
  type Storable,
  type StoredTensor,
} from "./safetensors/safetensors.ts";
export {
  type Carry,
  type Metrics,
  type Minibatch,
  startOf,
  trainStep,
  type TrainStepOptions,
} from "./step.ts";
export { type Curve, curve, type Series } from "../show/curve.ts";
