/**
 * Layers, losses and metrics.
 *
 * @module
 */
export { gelu, leakyRelu, maxout, relu, sigmoid, tanh, vlrelu } from "./activations.ts";
export { attention, type AttentionLayerOptions, type AttentionParams } from "./attention.ts";
export { concat, highway, residual } from "./branches.ts";
export { companion, type CompanionOptions } from "./companion.ts";
export { compose, sequential } from "./compose.ts";
export { conv, convTranspose } from "./conv.ts";
export { conv1d, convTranspose1d } from "./conv1d.ts";
export { dense } from "./dense.ts";
export { depthwiseConv, type DepthwiseOptions } from "./depthwise_conv.ts";
export { embedding, type EmbeddingOptions } from "./embedding.ts";
export { layer, stateless } from "./define_layer.ts";
export { averagedRegions, type AveragedRegionsOptions, drawnRegions } from "./drawn_regions.ts";
export type { FractionKind } from "./fractional_boundaries.ts";
export {
  fractionalMaxPool,
  type FractionalPoolOptions,
  type FractionalSize,
} from "./fractional_pool.ts";
export {
  highwayConv,
  highwayDense,
  type HighwayLayer,
  type HighwayOptions,
  type HighwayTransform,
} from "./highway_layers.ts";
export type {
  Apply,
  Flow,
  Layer,
  NoParams,
  ParamsOf,
  ParamsOfAll,
  SideLoss,
  Unit,
} from "./layer.ts";
export {
  hingeLoss,
  type Loss,
  softmaxCrossEntropy,
  squaredError,
  squaredHingeLoss,
} from "./losses.ts";
export { LOSSES, type LossName, type TargetKind, targetKind } from "./loss_table.ts";
export { accuracy, correct, type Metric, type MetricName, METRICS } from "./metrics.ts";
export type { AffineOf, NormOptions, ScaleAndShift } from "./normalization/affine.ts";
export {
  batchNorm,
  type BatchNormOptions,
  type BatchNormParams,
} from "./normalization/batch_norm.ts";
export { groupNorm } from "./normalization/group_norm.ts";
export { layerNorm, type LayerNormOptions } from "./normalization/layer_norm.ts";
export { lrn, type LrnOptions } from "./normalization/lrn.ts";
export {
  hardSigmoid,
  hardSwish,
  prelu,
  type PreluOptions,
  type PreluParams,
  relu6,
} from "./piecewise_activations.ts";
export { learnedPositions, type PositionOptions, sinusoidalPositions } from "./positions.ts";
export { type RecurrentOptions } from "./recurrent/gates.ts";
export { gru, gruCell, type GruOptions, type GruParams } from "./recurrent/gru.ts";
export { lastStep } from "./recurrent/last_step.ts";
export {
  lstm,
  lstmCell,
  type LstmOptions,
  type LstmParams,
  type LstmState,
} from "./recurrent/lstm.ts";
export { elu, mish, selu, silu, softplus } from "./smooth_activations.ts";
export {
  avgPool1d,
  globalAvgPool1d,
  globalMaxPool1d,
  maxPool1d,
  type Pool1dOptions,
} from "./pooling1d.ts";
export { reshape } from "./reshape.ts";
export { avgPool, dropout, flatten, globalAvgPool, globalMaxPool, maxPool } from "./pooling.ts";
export { smoothLabels, softenedCrossEntropy } from "./soft_labels.ts";
export { summary } from "./summary.ts";
export type { Summary, SummaryRow } from "./summary_row.ts";
export { binaryCrossEntropy, meanAbsoluteError, meanSquaredError } from "./targets.ts";
export { calibrate, type Side, type TrainingPass, trainingPass } from "./training_pass.ts";
export type { WeightOptions, Weights, WeightsAlone, WeightsOf } from "./weights.ts";
