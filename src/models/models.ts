/**
 * The models by name.
 *
 * @module
 */
import { branching } from "./branching.ts";
import { fitnet1, fitnet4, fitnetMnist, type Model, type ModelOptions } from "./fitnet.ts";
import { torchMnist } from "./torch_mnist.ts";

/** The models by name. */
export const MODELS = {
  fitnet1,
  fitnet4,
  fitnetMnist,
  torchMnist,
  branching,
} as const satisfies Record<string, (options?: ModelOptions) => Model>;
