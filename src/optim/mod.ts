/**
 * Optimizers and learning-rate schedules.
 *
 * @module
 */
export { adagrad, type AdagradOptions, type AdagradState } from "./adagrad.ts";
export { adam, type AdamOptions, type AdamState } from "./adam.ts";
export { notBias, type Optimizer, type OptimizerOptions } from "./optimizer.ts";
export { rmsprop, type RmspropOptions, type RmspropState } from "./rmsprop.ts";
export { constantSchedule, multiStepSchedule, type Schedule, stepSchedule } from "./schedule.ts";
export { sgd, type SgdOptions, type SgdState } from "./sgd.ts";
