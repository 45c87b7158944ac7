/**
 * The networks of the paper.
 *
 * @module
 */
export {
  type Activation,
  ACTIVATIONS,
  countParameters,
  type Fitnet,
  fitnet1,
  fitnet4,
  type Fitnet4Options,
  fitnetMnist,
  type FitnetOptions,
  MODELS,
} from "./fitnet.ts";
