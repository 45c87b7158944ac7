/**
 * Optimizers as chains of gradient transformations, constraints on parameters, and schedules of the learning
 * rate and the momentum.
 *
 * @module
 */
export {
  adagrad,
  type AdagradOptions,
  type AdagradState,
  type RssNumbers,
  scaleByRss,
} from "./adagrad.ts";
export {
  adam,
  type AdamNumbers,
  type AdamOptions,
  type AdamState,
  adamw,
  scaleByAdam,
} from "./adam.ts";
export { adamax, type AdamaxState, scaleByAdamax } from "./adamax.ts";
export { type Chain, chain, type ChainState, freeze, masked } from "./chain.ts";
export { clip, clipByGlobalNorm } from "./clip.ts";
export { constrain, type Constraint, maxNorm } from "./constrain.ts";
export {
  type CosineRestartsOptions,
  cosineRestartsSchedule,
  cosineSchedule,
  type OneCycleOptions,
  oneCycleSchedule,
} from "./cosine.ts";
export { addDecayedWeights } from "./decay.ts";
export { joinSchedules, warmupSchedule } from "./join.ts";
export { lion, type LionNumbers, type LionOptions, type LionState, scaleByLion } from "./lion.ts";
export { type Multiplier, notBias } from "./multiplier.ts";
export { nadam, scaleByNadam } from "./nadam.ts";
export type { Optimizer, OptimizerOptions } from "./optimizer.ts";
export { radam, scaleByRadam } from "./radam.ts";
export {
  type RmsNumbers,
  rmsprop,
  type RmspropOptions,
  type RmspropState,
  scaleByRms,
} from "./rmsprop.ts";
export { scale, scaleByLearningRate, scaleBySchedule } from "./scale.ts";
export {
  constantSchedule,
  exponentialSchedule,
  linearSchedule,
  multiStepSchedule,
  polySchedule,
  type Schedule,
  stepSchedule,
} from "./schedule.ts";
export { sgd, type SgdOptions, type SgdState } from "./sgd.ts";
export { trace, type TraceOptions } from "./trace.ts";
export {
  type ParameterUpdate,
  perParameter,
  type Slots,
  type Transformation,
  type Transformed,
} from "./transformation.ts";
export { lamb, lars, type LarsOptions, scaleByTrustRatio } from "./trust_ratio.ts";
