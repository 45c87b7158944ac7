/**
 * Decoding pictures into memory by worker threads.
 *
 * @module
 */
import { openPictureReader } from "../stream/picture_reader.ts";
import { sharePaths } from "../stream/shared_paths.ts";
import type { ImageSize } from "../transforms.ts";
import type { DecodedImages } from "./picture_cache.ts";

/** Milliseconds after which other work is let in, such as that of Ctrl-C. */
const TURN = 50;

/** How a decoding is observed and done. */
export interface DecodeOptions {
  readonly size: ImageSize;
  readonly workers?: number | undefined;
  /** The most pixels of a picture, where that is not the usual number. */
  readonly maxPixels?: number | undefined;
  /** Called with the number of pictures decoded so far. */
  readonly done?: ((count: number) => void) | undefined;
}

/** The bytes of pictures, resized, without those that cannot be read. */
export async function decodePictures(
  paths: readonly string[],
  { size, workers, maxPixels, done }: DecodeOptions,
): Promise<DecodedImages> {
  const elements = size.height * size.width * size.channels;
  const images = new Uint8Array(paths.length * elements), faults = new Map<number, string>();
  if (paths.length === 0) return { images, faults };
  using reader = openPictureReader({ paths: sharePaths(paths), size, workers, maxPixels }, size);
  reader.request(paths.map((_, index) => ({ index })));
  let turned = performance.now(), kept = 0;
  for (const at of paths.keys()) {
    const image = reader.next();
    if (image) images.set(image, kept++ * elements);
    else faults.set(at, reader.fault!);
    if (performance.now() - turned < TURN && at < paths.length - 1) continue;
    done?.(at + 1);
    await new Promise((resolve) => setTimeout(resolve));
    turned = performance.now();
  }
  return { images: images.subarray(0, kept * elements), faults };
}
