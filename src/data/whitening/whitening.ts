/**
 * A whitening transform as plain data, and the images that it has been applied to.
 *
 * @module
 */

/** A linear transform of images, fitted on a training set by `zcaWhitening`. */
export interface Whitening {
  /** The training set's mean image, subtracted from scaled and offset images, [height, width, channels]. */
  readonly mean: Float32Array<ArrayBuffer>;
  /** The symmetric matrix that images are multiplied by, [pixels, pixels] with pixels = height × width × channels. */
  readonly matrix: Float32Array<ArrayBuffer>;
}

/** Whitened images, which batches take instead of the bytes. */
export interface Whitened {
  /** The transform. */
  readonly by: Whitening;
  /** [count, height, width, channels]. */
  readonly images: Float32Array<ArrayBuffer>;
}
