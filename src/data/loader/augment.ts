/**
 * The augmentation of a training image: a random window of the zero-padded image, and a random horizontal
 * flip.
 *
 * @module
 */

import { bitsAt, foldKeyData, intAt, type KeyData } from "../../threefry.ts";
import { inputSize, type Prepared } from "../prepared.ts";

/** The window of an image that a net sees, and whether it is mirrored. */
export interface Crop {
  /** The image's row that is the window's first; below 0 in the padding. */
  readonly top: number;
  /** The image's column that is the window's first; below 0 in the padding. */
  readonly left: number;
  /** Whether the window is mirrored, left to right. */
  readonly mirrored: boolean;
}

/** The windows to draw from. */
export interface CropRange {
  /** The first window, at the top left. */
  readonly first: Pick<Crop, "top" | "left">;
  /** How many there are from top to bottom. */
  readonly rows: number;
  /** How many there are from left to right. */
  readonly columns: number;
  /** Whether half of them are mirrored. */
  readonly mirror: boolean;
}

/** The random numbers that a crop uses. */
const DRAWS = 3;

/** The sizes of a source's images and of its windows. */
type Windowed = Pick<Prepared, "dataset" | "window">;

/** The window of an image that is not augmented: the central one. */
export function centralCrop(source: Windowed): Crop {
  const { dataset } = source, { height, width } = inputSize(source);
  return {
    top: Math.floor((dataset.height - height) / 2),
    left: Math.floor((dataset.width - width) / 2),
    mirrored: false,
  };
}

/** The windows of augmented images; a part that was resized to the window is the only one. */
export function cropRange(
  source: Windowed & { readonly augmentation: NonNullable<Prepared["augmentation"]> },
): CropRange {
  const { dataset, augmentation: { padding, mirror, resizedCrop } } = source;
  if (resizedCrop) return { first: { top: 0, left: 0 }, rows: 1, columns: 1, mirror };
  const seen = inputSize(source);
  return {
    first: { top: -padding, left: -padding },
    rows: dataset.height + 2 * padding - seen.height + 1,
    columns: dataset.width + 2 * padding - seen.width + 1,
    mirror,
  };
}

/**
 * The crop of the image at `position` of an epoch's order. It depends on these arguments alone, so that
 * any batch can be made again.
 */
export function drawCrop(
  { first, rows, columns, mirror }: CropRange,
  key: KeyData,
  epoch: number,
  position: number,
): Crop {
  const epochKey = foldKeyData(key, epoch), counter = DRAWS * position;
  return {
    top: first.top + intAt(epochKey, counter, rows),
    left: first.left + intAt(epochKey, counter + 1, columns),
    mirrored: mirror && bitsAt(epochKey, counter + 2) % 2 === 1,
  };
}

/** The key of the random part of the image at `position` of an epoch's order, as {@linkcode drawCrop} draws. */
export const drawPart = (key: KeyData, epoch: number, position: number): KeyData =>
  foldKeyData(foldKeyData(key, epoch), position);
