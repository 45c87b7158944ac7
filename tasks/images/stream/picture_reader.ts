/**
 * Images of picture files, made by worker threads, as many ahead as a ring holds.
 *
 * @module
 */
import type { ImageReader, ImageRequest } from "../../../src/data/mod.ts";
import type { ImageSize } from "../transforms.ts";
import { allocateImageRing, ImageRing, type RingSize } from "./image_ring.ts";
import type { ImageWork } from "./image_worker.ts";
import type { SharedPaths } from "./shared_paths.ts";

/** The most worker threads; one needs about 30 MB. */
const MOST_WORKERS = 16;

/** The pictures that a worker decodes at once, by the threads of `sharp`. */
const LANES = 2;

/** The most images of a ring, and the most bytes of them. */
const MOST_SLOTS = 512, MOST_BYTES = 2 ** 27;

/** Milliseconds to wait for an image, and for workers to end. */
const PATIENCE = 120_000, END_PATIENCE = 10_000;

/** What a reader reads. */
export interface PictureSource {
  readonly paths: SharedPaths;
  /** The size of images of whole pictures. */
  readonly size: ImageSize;
  /** The most pixels of a picture, where that is not the usual number. */
  readonly maxPixels?: number | undefined;
  /** How many threads make images; one for each processor if left out. */
  readonly workers?: number | undefined;
}

/** A reader that says why an image is missing. */
export interface PictureReader extends ImageReader {
  /** Why the last image that was taken is missing; undefined where it is not. */
  readonly fault: string | undefined;
}

const imageBytes = ({ height, width, channels }: ImageSize) => height * width * channels;

function ringSize(bytes: number): RingSize {
  const room = Math.floor(MOST_BYTES / bytes);
  return { bytes, slots: Math.max(4, Math.min(MOST_SLOTS, room)) };
}

function startWorkers(work: ImageWork, count: number): Worker[] {
  const url = new URL("./image_worker.ts", import.meta.url);
  return Array.from({ length: count }, () => {
    const worker = new Worker(url, { type: "module" });
    worker.postMessage(work);
    return worker;
  });
}

/**
 * Opens a reader, whose threads end when it is disposed of.
 *
 * @param part The size of random parts.
 */
export function openPictureReader(
  { paths, size, maxPixels, workers = navigator.hardwareConcurrency }: PictureSource,
  part: Pick<ImageSize, "height" | "width">,
): PictureReader {
  const parts = { height: part.height, width: part.width, channels: size.channels };
  const ring = ringSize(Math.max(imageBytes(size), imageBytes(parts)));
  const memory = allocateImageRing(ring), images = new ImageRing(memory, ring);
  const work: ImageWork = { paths, size, part: parts, maxPixels, memory, ring, lanes: LANES };
  const threads = startWorkers(work, Math.max(1, Math.min(workers, MOST_WORKERS)));
  const waiting: ImageRequest[] = [];
  let first = 0, requested = 0, taken = 0, fault: string | undefined;
  /** Requests images as long as there are free slots: all but that of the image in use. */
  const fill = () => {
    while (first < waiting.length && requested - taken < ring.slots - 1) {
      images.request({ n: requested++, ...waiting[first++]! });
    }
    if (first === waiting.length) waiting.length = first = 0;
  };
  return {
    request(requests) {
      waiting.push(...requests);
      fill();
    },
    next() {
      fill();
      const image = images.take(taken, PATIENCE);
      if (image === undefined) {
        throw new Error(
          `expected worker threads to make an image within ${
            PATIENCE / 1000
          } s, found none made by ` +
            `${images.started} of ${threads.length} that have started`,
        );
      }
      taken++;
      fault = typeof image === "string" ? image : undefined;
      return typeof image === "string" ? undefined : image;
    },
    get fault() {
      return fault;
    },
    // Threads end by themselves: one that is terminated while `sharp` decodes takes the process with it.
    [Symbol.dispose]() {
      images.close();
      images.waitForEnd(END_PATIENCE);
    },
  };
}
