/**
 * The networks of the paper, and two to compare with.
 *
 * @module
 */
export { type Activation, ACTIVATIONS } from "./activation.ts";
export { branching } from "./branching.ts";
export { fitnet1 } from "./fitnet1.ts";
export { fitnet4, type Fitnet4Options } from "./fitnet4.ts";
export { fitnetMnist } from "./fitnet_mnist.ts";
export {
  countParameters,
  type Model,
  type ModelOption,
  type ModelOptions,
  type ModelRecord,
} from "./model.ts";
export { MODEL_RECORDS, type ModelName, MODELS } from "./models.ts";
export { torchMnist } from "./torch_mnist.ts";
