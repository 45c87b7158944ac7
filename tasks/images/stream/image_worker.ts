/**
 * A worker that makes images of picture files.
 *
 * @module
 */
import { makeImage } from "../make_image.ts";
import { readPictureFile } from "../read_file.ts";
import { loadSharp, type SharpDecode } from "../sharp.ts";
import type { ImageSize } from "../transforms.ts";
import { ImageRing, type NumberedRequest, type RingSize } from "./image_ring.ts";
import { pathAt, type SharedPaths } from "./shared_paths.ts";

/** The message that starts the worker. */
export interface ImageWork {
  readonly paths: SharedPaths;
  /** The size of images of whole pictures, and of random parts. */
  readonly size: ImageSize;
  readonly part: ImageSize;
  readonly memory: SharedArrayBuffer;
  readonly ring: RingSize;
  /** The most pixels of a picture, where that is not the usual number. */
  readonly maxPixels?: number | undefined;
  /** How many pictures are decoded at once, while another one is resized. */
  readonly lanes: number;
}

async function make(
  { paths, size, part, maxPixels }: ImageWork,
  { index, key }: NumberedRequest,
  sharp: SharpDecode | undefined,
): Promise<Uint8Array | string> {
  const path = pathAt(paths, index);
  try {
    const bytes = readPictureFile(path);
    return await makeImage(path, bytes, { size: key ? part : size, key, maxPixels }, sharp);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return `${path}: expected an image file, found nothing there`;
    }
    return error instanceof Error ? error.message : String(error);
  }
}

async function work(request: ImageWork): Promise<void> {
  const ring = new ImageRing(request.memory, request.ring), sharp = await loadSharp(true);
  ring.start();
  const busy = new Set<Promise<unknown>>();
  while (!ring.closed) {
    const next = busy.size < request.lanes ? ring.claim(busy.size === 0) : undefined;
    if (next) {
      const made = make(request, next, sharp).then((image) => {
        ring.publish(next.n, image);
        busy.delete(made);
      });
      busy.add(made);
    } else if (busy.size > 0) await Promise.race(busy);
  }
  await Promise.all(busy);
  ring.end();
}

const port = self as unknown as {
  onmessage: ((event: MessageEvent<ImageWork>) => void) | null;
  close(): void;
};
port.onmessage = async ({ data }) => {
  port.onmessage = null;
  await work(data);
  port.close();
};
