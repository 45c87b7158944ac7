/**
 * Images that are made when a batch needs them, in place of bytes in memory: decoded by other threads, say.
 *
 * @module
 */
import type { KeyData } from "../threefry.ts";

/** An image that a batch needs. */
export interface ImageRequest {
  /** Its index in the data set. */
  readonly index: number;
  /** Decides the random part of it that is resized to the window; absent where all of it is wanted. */
  readonly key?: KeyData | undefined;
}

/** Reads images in the order in which they are requested. */
export interface ImageReader extends Disposable {
  /** Requests images, which are made while other work is done. */
  request(images: Iterable<ImageRequest>): void;
  /**
   * Waits for the next requested image: its bytes, [height, width, channels], those of the window if it has a
   * key, else of the data set; undefined for an image that cannot be read. Valid until the next call.
   */
  next(): Uint8Array | undefined;
}

/** The source of the images of a data set. */
export interface ImageStream {
  /** Identifies the images: equal for equal ones. */
  readonly id: string;
  /**
   * Opens a reader.
   *
   * @param window The size of random parts.
   */
  open(window: { readonly height: number; readonly width: number }): ImageReader;
}
