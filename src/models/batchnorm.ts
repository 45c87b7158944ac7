/**
 * The option of nets that have batch normalization or do without.
 *
 * @module
 */
import { batchNorm, type Layer } from "../nn/mod.ts";
import type { ModelOption } from "./model.ts";

const CHOICES = ["yes", "no"] as const;

/** Options of nets with batch normalization. */
export interface BatchnormOptions {
  /** Whether there is batch normalization; each net has its own default. */
  readonly batchnorm?: (typeof CHOICES)[number] | undefined;
}

/** The record of the option, by the net's default. */
export const batchnormOption = <D extends (typeof CHOICES)[number]>(usual: D) =>
  ({
    choices: CHOICES,
    default: usual,
    why: "as published",
    help: "Whether batch normalization follows the layers with weights, before their activation.",
  }) as const satisfies ModelOption;

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
