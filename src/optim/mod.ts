/**
 * Optimizers, constraints on parameters, and schedules of the learning rate and the momentum.
 *
 * @module
 */
export { adagrad, type AdagradOptions, type AdagradState } from "./adagrad.ts";
export { adam, type AdamOptions, type AdamState } from "./adam.ts";
export { constrain, type Constraint, maxNorm } from "./constrain.ts";
export { type Multiplier, notBias, type Optimizer, type OptimizerOptions } from "./optimizer.ts";
export { rmsprop, type RmspropOptions, type RmspropState } from "./rmsprop.ts";
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
