/**
 * The variations of a training image: a random crop of the image padded by zeros, and a mirror.
 *
 * @module
 */

import { bitsAt, foldKeyData, intAt, type KeyData } from "../../threefry.ts";

/** How training images are varied. */
export interface Augmentation {
  /** Pixels of zeros on each side, out of which a window of the image's own size is cut. */
  readonly padding: number;
  /** Whether half of the images are mirrored, left to right. */
  readonly mirror: boolean;
}

/** One image's variation. */
export interface Variation {
  /** First row of the window, 0…2 × padding; at `padding` it is the image's own. */
  readonly top: number;
  /** First column of the window, 0…2 × padding. */
  readonly left: number;
  /** Whether the window is mirrored. */
  readonly mirrored: boolean;
}

const DRAWS = 3;

/** The variation that leaves an image as it is, where there is no padding. */
export const UNVARIED: Variation = { top: 0, left: 0, mirrored: false };

/**
 * The variation of the image at `position` of an epoch's order. It depends on these arguments
 * alone, so that any batch can be made again.
 */
export function drawVariation(
  { padding, mirror }: Augmentation,
  key: KeyData,
  epoch: number,
  position: number,
): Variation {
  const epochKey = foldKeyData(key, epoch), counter = DRAWS * position, places = 2 * padding + 1;
  return {
    top: intAt(epochKey, counter, places),
    left: intAt(epochKey, counter + 1, places),
    mirrored: mirror && bitsAt(epochKey, counter + 2) % 2 === 1,
  };
}
