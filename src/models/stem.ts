/**
 * The option of nets for ImageNet whose first layers may be replaced by some for small images.
 *
 * @module
 */
import type { ModelOption } from "./model.ts";

const CHOICES = ["imagenet", "small"] as const;

/** Options of nets with a choice of first layers. */
export interface StemOptions {
  /** The first layers: `imagenet`, the published, if left out, or `small`, for images of 32 × 32. */
  readonly stem?: "imagenet" | "small" | undefined;
}

/** The record of the option. */
export const STEM = {
  choices: CHOICES,
  default: "imagenet",
  why: "as published",
  help:
    "The first layers: the published, for large images, or some without strides for small ones.",
} as const satisfies ModelOption;

/** Whether the first layers are those for small images. Throws a RangeError on an unknown choice. */
export function hasSmallStem(caller: string, { stem = STEM.default }: StemOptions): boolean {
  if (!CHOICES.includes(stem)) {
    throw new RangeError(`${caller}: expected stem imagenet or small, found ${stem}`);
  }
  return stem === "small";
}
