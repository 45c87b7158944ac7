/**
 * A split of pictures as a data set: in memory where its bytes fit there, else made when batches need them.
 *
 * @module
 */
import { DataError, type Dataset, type ImageStream } from "../../../src/data/mod.ts";
import { sha256 } from "../../../src/data/fingerprint.ts";
import type { LabeledFile } from "../listing/mod.ts";
import { openPictureReader } from "../stream/picture_reader.ts";
import { fetchSharp } from "../sharp.ts";
import { sharePaths } from "../stream/shared_paths.ts";
import type { ImageSize } from "../transforms.ts";
import { checkHeaders } from "./check_headers.ts";
import { decodePictures } from "./decode_pictures.ts";
import { cachePath, type DecodedImages, readCached, writeCached } from "./picture_cache.ts";

/** Where images are: in memory, or made when they are needed; `auto` is in memory where they fit. */
export type ImagePlace = "auto" | "memory" | "stream";

/** All places. */
export const PLACES = ["auto", "memory", "stream"] as const satisfies readonly ImagePlace[];

/** What is told while pictures are indexed. */
export interface IndexObserver {
  /** Pictures of a split that are decoded, or checked, so far. */
  readonly progress?: ((split: string, done: number, total: number) => void) | undefined;
  /** A line about something that costs only time. */
  readonly say?: ((line: string) => void) | undefined;
}

/** How a split is loaded. */
export interface LoadOptions {
  readonly size: ImageSize;
  readonly images: ImagePlace;
  /** The most bytes of images in memory. */
  readonly memory: number;
  readonly workers?: number | undefined;
  /** The most pixels of a picture; those above which Pillow refuses one if left out. */
  readonly maxPixels?: number | undefined;
  /** Whether a picture that cannot be read is an error. */
  readonly strict: boolean;
  readonly observer: IndexObserver;
  /** Called with each picture that turns out to be unreadable while it is streamed. */
  readonly unreadable?: ((message: string) => void) | undefined;
}

/** A loaded split. */
export interface LoadedSplit {
  readonly dataset: Dataset;
  /** Why pictures were left out. */
  readonly faults: readonly string[];
}

/** Files with their labels, and the classes of all. */
export interface SplitFiles {
  readonly name: string;
  readonly files: readonly LabeledFile[];
  readonly classNames: readonly string[];
}

/** The most elements of an array of bytes. */
export const MOST_BYTES = 2 ** 32;

/** The bytes of images that are kept in memory unless told otherwise: a quarter of what is free. */
export function usualMemory(): number {
  try {
    return Math.min(MOST_BYTES, Deno.systemMemoryInfo().available / 4);
  } catch {
    return 2 ** 30;
  }
}

/** The bytes of a split's images. */
export const splitBytes = (
  files: readonly unknown[],
  { height, width, channels }: ImageSize,
): number => files.length * height * width * channels;

/** Labels in an array that holds as many classes, or the numbers of each picture. */
function labelsOf(files: readonly LabeledFile[], classes: number): Dataset["labels"] {
  if (files[0]?.numbers) {
    return Float32Array.from(files.flatMap((file) => [...file.numbers!]));
  }
  const labels = files.map(({ label }) => label);
  return classes <= 2 ** 16 ? Uint16Array.from(labels) : Uint32Array.from(labels);
}

function checkFaults(faults: ReadonlyMap<number, string>, strict: boolean): void {
  const [first] = faults.values();
  if (strict && first !== undefined) {
    const more = faults.size > 1 ? ` (and ${faults.size - 1} more)` : "";
    throw new DataError(first + more);
  }
}

/** The bytes of pictures, from the cache or decoded now; a cache that cannot be written costs only time. */
async function loadImages(
  { name, files }: SplitFiles,
  options: LoadOptions,
): Promise<DecodedImages> {
  const { size, workers, maxPixels, observer } = options, paths = files.map(({ path }) => path);
  const cached = await cachePath(paths, size, maxPixels),
    found = await readCached(cached, paths.length, size);
  if (found && "images" in found) return found;
  if (found) {
    observer.say?.(
      `${cached}: expected images of ${paths.length} pictures, found ${found.damage}; they are decoded again`,
    );
  }
  const done = (count: number) => observer.progress?.(name, count, paths.length);
  const decoded = await decodePictures(paths, { size, workers, maxPixels, done });
  try {
    await writeCached(cached, decoded);
  } catch (error) {
    observer.say?.(
      `${cached}: expected to write it, found ${error}; the pictures are decoded again next time`,
    );
  }
  return decoded;
}

/** Streams pictures of files. */
async function streamOf(files: readonly LabeledFile[], options: LoadOptions): Promise<ImageStream> {
  const { size, workers, maxPixels, strict, unreadable } = options;
  const paths = sharePaths(files.map(({ path }) => path)), told = new Set<string>();
  const lines = files.map(({ name }) => name).join("\n");
  const id = await sha256(new TextEncoder().encode(`${JSON.stringify(size)}\n${lines}`));
  return {
    id,
    open(window) {
      const reader = openPictureReader({ paths, size, workers, maxPixels }, window);
      return {
        request: reader.request,
        next() {
          const image = reader.next(), { fault } = reader;
          if (image || fault === undefined) return image;
          if (strict) throw new DataError(fault);
          if (!told.has(fault)) unreadable?.(fault);
          told.add(fault);
        },
        [Symbol.dispose]: () => reader[Symbol.dispose](),
      };
    },
  };
}

/** Whether a split's images are kept in memory. */
const keeps = ({ files }: SplitFiles, { images, size, memory }: LoadOptions): boolean =>
  images === "memory" || images === "auto" && splitBytes(files, size) <= memory;

/**
 * Loads a split. Pictures that cannot be read are left out: all of them in memory, and in a stream those whose
 * files begin otherwise. Throws a DataError on one with `strict`, and where none is left.
 */
export async function loadSplit(split: SplitFiles, options: LoadOptions): Promise<LoadedSplit> {
  const { name, files, classNames } = split, { size, strict, observer } = options;
  const kept = keeps(split, options);
  await fetchSharp();
  const done = (count: number) => observer.progress?.(name, count, files.length);
  const { images, faults } = kept ? await loadImages(split, options) : {
    images: new Uint8Array(),
    faults: await checkHeaders(files.map(({ path }) => path), {
      done,
      maxPixels: options.maxPixels,
    }),
  };
  checkFaults(faults, strict);
  const readable = files.filter((_, i) => !faults.has(i)), classes = classNames.length;
  if (readable.length === 0) {
    throw new DataError(
      `${name}: expected pictures that can be read, found none: ${[...faults.values()][0]}`,
    );
  }
  const stream = kept ? undefined : await streamOf(readable, options);
  const labels = labelsOf(readable, classes), count = readable.length;
  const dataset = { name, images, labels, count, ...size, classes, classNames };
  return { dataset: stream ? { ...dataset, stream } : dataset, faults: [...faults.values()] };
}
