/**
 * The option of nets that have batch normalization or do without.
 *
 * @module
 */
import { batchNorm, type Layer, maxout } from "../nn/mod.ts";

const CHOICES = ["yes", "no"] as const;

/** Options of nets with batch normalization. */
export interface BatchnormOptions {
  /** Whether there is batch normalization; each net has its own default. */
  readonly batchnorm?: "yes" | "no" | undefined;
}

/** The record of the option, without the net's default. */
export const BATCHNORM = {
  choices: CHOICES,
  why: "as published",
  help: "Whether batch normalization follows the layers with weights, before their activation.",
} as const;

/** Whether a net has batch normalization. Throws a RangeError on an unknown value. */
export function hasBatchnorm(
  caller: string,
  { batchnorm }: BatchnormOptions,
  usual: (typeof CHOICES)[number],
): boolean {
  const chosen = batchnorm ?? usual;
  if (!CHOICES.includes(chosen)) {
    throw new RangeError(`${caller}: expected batchnorm yes or no, found ${chosen}`);
  }
  return chosen === "yes";
}

/** A batch normalization, or nothing. */
export const normalizedBy = (has: boolean, epsilon = 1e-5): Layer[] =>
  has ? [batchNorm({ epsilon }) as Layer] : [];

/** How a net makes its layers with weights and their activations. */
export interface ActivatedParts {
  /** Whether batch normalization is between them. */
  readonly batchnorm: boolean;
  /** Maxout pieces; 1 with any other activation. */
  readonly pieces: number;
  /** The activation; empty with maxout. */
  readonly after: readonly Layer[];
}

/**
 * A layer with weights and its activation. Batch normalization is between the two: with maxout each piece is
 * normalized by itself, and the maximum over them comes after, in a layer of its own.
 *
 * @param make Makes the layer, of so many outputs for each of its maxout pieces.
 */
export function activatedLayers(
  outputs: number,
  { batchnorm, pieces, after }: ActivatedParts,
  make: (outputs: number, pieces: number) => Layer,
): Layer[] {
  if (!batchnorm) return [make(outputs, pieces), ...after];
  return [
    make(outputs * pieces, 1),
    ...normalizedBy(true),
    ...(pieces > 1 ? [maxout(pieces)] : after),
  ];
}
