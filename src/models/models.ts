/**
 * The models by name.
 *
 * @module
 */
import { branching } from "./branching.ts";
import { type Fitnet, fitnet1, fitnet4, fitnetMnist, type FitnetOptions } from "./fitnet.ts";
import { torchMnist } from "./torch_mnist.ts";

/** The models by name. */
export const MODELS = {
  fitnet1,
  fitnet4,
  fitnetMnist,
  torchMnist,
  branching,
} as const satisfies Record<string, (options?: FitnetOptions) => Fitnet>;
