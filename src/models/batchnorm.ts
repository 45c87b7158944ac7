/**
 * The option of nets that have batch normalization or do without.
 *
 * @module
 */
import { batchNorm, type Layer } from "../nn/mod.ts";

const CHOICES = ["yes", "no"] as const;

/** Options of nets with batch normalization. */
export interface BatchnormOptions {
  /** Whether there is batch normalization; each net has its own default. */
  readonly batchnorm?: (typeof CHOICES)[number] | undefined;
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
