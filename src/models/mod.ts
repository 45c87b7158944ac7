/**
 * The networks of the paper, and two to compare with.
 *
 * @module
 */
export { type Activation, ACTIVATIONS } from "./activation.ts";
export { branching } from "./branching.ts";
export {
  countParameters,
  type Fitnet,
  fitnet1,
  fitnet4,
  type Fitnet4Options,
  fitnetMnist,
  type FitnetOptions,
} from "./fitnet.ts";
export { MODELS } from "./models.ts";
export { torchMnist } from "./torch_mnist.ts";
