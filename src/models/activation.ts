/**
 * Activations by name, as the networks take them.
 *
 * @module
 */
import { gelu, type Layer, relu, sigmoid, tanh, vlrelu } from "../nn/mod.ts";

/** The activations of the paper's table 3, and one that came later. */
export const ACTIVATIONS = ["maxout", "relu", "vlrelu", "tanh", "sigmoid", "gelu"] as const;

/** One of {@linkcode ACTIVATIONS}. */
export type Activation = (typeof ACTIVATIONS)[number];

const PLAIN = { relu, vlrelu, tanh, sigmoid, gelu: gelu() } as const;

/** What an activation makes of a net. */
export interface Activated {
  /** The layers after each layer with weights. */
  readonly after: readonly Layer[];
  /** How many pieces a layer has that has so many with maxout. */
  pieces(maxout: number): number;
}

/** An activation at work. Throws a RangeError on the name of another. */
export function activated(caller: string, activation: Activation): Activated {
  if (!ACTIVATIONS.includes(activation)) {
    throw new RangeError(
      `${caller}: expected an activation of ${ACTIVATIONS.join(", ")}, found ${activation}`,
    );
  }
  return activation === "maxout"
    ? { after: [], pieces: (maxout) => maxout }
    : { after: [PLAIN[activation]], pieces: () => 1 };
}
