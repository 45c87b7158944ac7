/**
 * Training: steps, evaluation, a training loop that emits events, checkpoints, and parameter files.
 *
 * @module
 */
export { type Evaluation, evaluator } from "./evaluate.ts";
export { evaluate, type EvaluateOptions } from "./evaluate_source.ts";
export { type Checkpoint, CheckpointError } from "./checkpoint/checkpoint.ts";
export { findCheckpoint, type FoundCheckpoint } from "./checkpoint/checkpoint_folder.ts";
export type { CheckpointOptions } from "./checkpoint/saver.ts";
export {
  type BestEpoch,
  type CheckpointEvent,
  type EndEvent,
  type EpochEvent,
  type EpochRecord,
  type FitEvent,
  type Progress,
  type ProgressEvent,
} from "./events.ts";
export { DivergedError, type Divergence } from "./diverged_error.ts";
export type { NonFinite } from "./nonfinite/finding.ts";
export type { NonFiniteAction, NonFiniteOptions, NonFinitePolicy } from "./nonfinite/policy.ts";
export type { Recovery, Snapshot } from "./nonfinite/recovery.ts";
export type { Statistics } from "./nonfinite/statistics.ts";
export { writeAtomically } from "./write_atomically.ts";
export type { Fingerprint } from "./checkpoint/fingerprint.ts";
export { distillation, type DistillationOptions } from "./distillation.ts";
export type { BestMetric, BestOptions } from "./best.ts";
export { cutmix, type Mixed, type Mixing, mixup } from "./mixing.ts";
export type { DeviceBytes, HostBytes, TrainingMemory } from "./memory/training_memory.ts";
export {
  type FittingRun,
  memoryGroups,
  showMemoryGroups,
  TrainingMemoryError,
} from "./memory/memory_refusal.ts";
export { requiredMemory } from "./memory/required_memory.ts";
export { fit } from "./fit.ts";
export type { FitOptions } from "./fit_options.ts";
export type { Objective, ObjectiveInput, Training } from "./objective.ts";
export { type RatePoint, type RateRange, rateRange, type RateRangeOptions } from "./rate_range.ts";
export { type RunKeys, runKeys } from "./keys.ts";
export { type BatchTensors, batchTensors, type ImageSize } from "./input/batch_tensors.ts";
export type { Batches, BatchStream, StreamedBatch, TrainingSource } from "./input/batch_stream.ts";
export { loadClassNames } from "./safetensors/class_names.ts";
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
  initialCarry,
  type MeasuredTraining,
  type Metrics,
  trainStep,
  type TrainStepOptions,
  type UpdateOptions,
} from "./step.ts";
export { autoencoderStages } from "./stages/autoencoder.ts";
export { type HintOptions, hintStage, type Teacher } from "./stages/hint.ts";
export { pretrain, type PretrainEvent, type PretrainOptions } from "./stages/pretrain.ts";
export type { Stage, StageTask } from "./stages/stage.ts";
export { type Curve, curve, type CurveOptions, type Series } from "../show/curve.ts";
