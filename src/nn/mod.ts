/**
 * Layers and losses.
 *
 * @module
 */
export { leakyRelu, relu, sigmoid, tanh, vlrelu } from "./activations.ts";
export { compose, concat, highway, residual, sequential } from "./compose.ts";
export { conv } from "./conv.ts";
export { dense } from "./dense.ts";
export {
  type Apply,
  type Flow,
  type Layer,
  layer,
  type NoParams,
  type ParamsOf,
  type ParamsOfAll,
  stateless,
  type Unit,
} from "./layer.ts";
export {
  hingeLoss,
  type Loss,
  LOSSES,
  type LossName,
  softmaxCrossEntropy,
  squaredError,
} from "./losses.ts";
export { accuracy, correct } from "./metrics.ts";
export { avgPool, dropout, flatten, globalAvgPool, globalMaxPool, maxPool } from "./pooling.ts";
export type { WeightOptions, Weights } from "./weights.ts";
