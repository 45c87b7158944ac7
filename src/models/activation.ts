/**
 * Activations by name, and the layers that models build from them.
 *
 * @module
 */
import { gelu, type Layer, relu, sigmoid, tanh, vlrelu } from "../nn/mod.ts";

/** The activations of the paper's table 3, and gelu. */
export const ACTIVATIONS = ["maxout", "relu", "vlrelu", "tanh", "sigmoid", "gelu"] as const;

/** One of {@linkcode ACTIVATIONS}. */
export type Activation = (typeof ACTIVATIONS)[number];

const PLAIN = { relu, vlrelu, tanh, sigmoid, gelu: gelu() } as const;

/** How a model uses an activation. */
export interface ModelActivation {
  /** The layers to insert after each layer with weights. */
  readonly after: readonly Layer[];
  /** The pieces of a layer with weights, given those that it has with maxout. */
  pieces(maxout: number): number;
}

/** Resolves an activation's name. Throws a RangeError on an unknown one. */
export function resolveActivation(caller: string, activation: Activation): ModelActivation {
  if (!ACTIVATIONS.includes(activation)) {
    throw new RangeError(
      `${caller}: expected an activation of ${ACTIVATIONS.join(", ")}, found ${activation}`,
    );
  }
  return activation === "maxout"
    ? { after: [], pieces: (maxout) => maxout }
    : { after: [PLAIN[activation]], pieces: () => 1 };
}
