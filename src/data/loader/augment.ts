/**
 * The augmentation of a training image: a random crop of the zero-padded image, and a random horizontal
 * flip.
 *
 * @module
 */

import { bitsAt, foldKeyData, intAt, type KeyData } from "../../threefry.ts";
import type { Augmentation } from "../prepared.ts";

/** One image's augmentation: the window cropped from the padded image, and whether it is mirrored. */
export interface Crop {
  /** First row of the window, 0…2 × padding; at `padding` it is the image's own. */
  readonly top: number;
  /** First column of the window, 0…2 × padding. */
  readonly left: number;
  /** Whether the window is mirrored, left to right. */
  readonly mirrored: boolean;
}

/** The random numbers that a crop uses. */
const DRAWS = 3;

/** The crop that leaves an image without padding unchanged. */
export const WHOLE_IMAGE: Crop = { top: 0, left: 0, mirrored: false };

/**
 * The crop of the image at `position` of an epoch's order. It depends on these arguments alone, so that
 * any batch can be made again.
 */
export function drawCrop(
  { padding, mirror }: Augmentation,
  key: KeyData,
  epoch: number,
  position: number,
): Crop {
  const epochKey = foldKeyData(key, epoch), counter = DRAWS * position, offsets = 2 * padding + 1;
  return {
    top: intAt(epochKey, counter, offsets),
    left: intAt(epochKey, counter + 1, offsets),
    mirrored: mirror && bitsAt(epochKey, counter + 2) % 2 === 1,
  };
}
