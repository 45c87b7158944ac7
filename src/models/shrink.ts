/**
 * The option that divides the channels of a net, so that it runs quickly where its accuracy does not matter.
 *
 * @module
 */
import type { ModelOption, ModelOptions } from "./model.ts";

const CHOICES = ["1", "2", "4", "8", "16"] as const;

/** Options of nets whose channels can be divided. */
export interface ShrinkOptions extends ModelOptions {
  /** Divides the channels of all layers but the last; 1, the published widths, if left out. */
  readonly shrink?: "1" | "2" | "4" | "8" | "16" | undefined;
}

/** The record of the option. */
export const SHRINK = {
  choices: CHOICES,
  default: "1",
  why: "the published widths",
  help: "Divides the channels of all layers but the last, for quick runs.",
} as const satisfies ModelOption;

/** Divides numbers of channels, to at least one. Throws a RangeError on an unknown divisor. */
export function divideChannels(
  caller: string,
  { shrink = SHRINK.default }: ShrinkOptions,
): (channels: number) => number {
  if (!CHOICES.includes(shrink)) {
    throw new RangeError(`${caller}: expected shrink of ${CHOICES.join(", ")}, found ${shrink}`);
  }
  return (channels) => Math.max(1, Math.round(channels / Number(shrink)));
}
