/**
 * The networks of the paper, and others to compare with.
 *
 * @module
 */
export { type Activation, ACTIVATIONS } from "./activation.ts";
export {
  type ChoiceOption,
  countParameters,
  type DescribedOption,
  type IntegerOption,
  type Model,
  type ModelOption,
  type ModelOptions,
  type ModelRecord,
} from "./model.ts";
export * from "./models.ts";
export { type ModelName, MODELS } from "./registry.ts";
export type { BatchnormOptions } from "./batchnorm.ts";
export type { ShrinkOptions } from "./shrink.ts";
export type { StemOptions } from "./stem.ts";
