/**
 * The networks of the paper, and two to compare with.
 *
 * @module
 */
export { type Activation, ACTIVATIONS } from "./activation.ts";
export { branching } from "./branching.ts";
export {
  countParameters,
  fitnet1,
  fitnet4,
  type Fitnet4Options,
  fitnetMnist,
  type Model,
  type ModelOptions,
} from "./fitnet.ts";
export { MODELS } from "./models.ts";
export { torchMnist } from "./torch_mnist.ts";
