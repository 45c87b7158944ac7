/**
 * Converting a picture to a net's input: its channels, then its size, in bytes.
 *
 * @module
 */
import type { Picture } from "./picture.ts";
import { resample } from "./resample/resample.ts";
import { type ImageSize, resizeAndCrop, toBytes } from "./transforms.ts";

export type { ImageSize };

/** The bytes of a picture resized, [height, width, channels]; stretched where the aspect ratio differs. */
export const fitPicture = (picture: Picture, size: ImageSize): Uint8Array<ArrayBuffer> =>
  resample(toBytes(picture, size.channels), size);

/** As {@linkcode fitPicture}, of the largest central part with the aspect ratio of the size: nothing is stretched. */
export const coverPicture = (picture: Picture, size: ImageSize): Uint8Array<ArrayBuffer> =>
  resizeAndCrop(toBytes(picture, size.channels), size);
