/**
 * A folder of pictures as what `fit` takes.
 *
 * @module
 */
import {
  DataError,
  type Dataset,
  type Prepared,
  type PreparedSplits,
  preparePictures,
} from "../../src/data/mod.ts";
import { listPlace, type TableColumns } from "./listing/mod.ts";
import { loadListing } from "./loading/load_listing.ts";
import { type ImagePlace, usualMemory } from "./loading/load_split.ts";

/** Options of {@linkcode imageFolder}. */
export interface ImageFolderOptions {
  /** Rows and columns of the images that a net sees; 224 if left out. */
  readonly crop?: number | undefined;
  /**
   * Pixels to which the shorter side of each picture is resized before its center is taken; 256/224 of `crop` if
   * left out.
   */
  readonly size?: number | undefined;
  /** 3 for red, green and blue, 1 for gray; 3 if left out. */
  readonly channels?: 1 | 3 | undefined;
  /**
   * Whether training takes a random part of each picture, 8 to 100 % of its area, resized, as torchvision's
   * `RandomResizedCrop` does, in place of a random window; the pictures then come from a stream. False if left out.
   */
  readonly resizedCrop?: boolean | undefined;
  /** The share of each class that is held out where the folder has no split for testing; 0.2 if left out. */
  readonly testShare?: number | undefined;
  /** Another seed holds out other pictures; 0 if left out. */
  readonly seed?: number | undefined;
  /**
   * Whether images are kept in memory as bytes, or decoded by worker threads whenever a batch needs them; `auto`,
   * the default, keeps them where they take at most `memory` bytes.
   */
  readonly images?: ImagePlace | undefined;
  /** The most bytes of images in memory; a quarter of the free memory if left out. */
  readonly memory?: number | undefined;
  /** How many threads decode; one for each processor if left out. */
  readonly workers?: number | undefined;
  /** Whether a picture that cannot be read is an error, rather than left out; false if left out. */
  readonly strict?: boolean | undefined;
  /**
   * The most pixels of a picture; 178,956,970 if left out, above which Pillow refuses one. A larger one cannot be
   * read.
   */
  readonly maxPixels?: number | undefined;
  /** The columns of a table (CSV), where they are not found by their names. */
  readonly columns?: TableColumns | undefined;
  /** Called while pictures are decoded or checked. */
  readonly progress?: ((split: string, done: number, total: number) => void) | undefined;
}

/** Pictures that are ready for training. */
export interface ImageFolder extends PreparedSplits {
  /** The pictures for validation, where the folder has some beside those for testing. */
  readonly validation?: Prepared | undefined;
  /** The names of the classes, by label. */
  readonly classNames: readonly string[];
  /** Why pictures were left out: a line for each, which names its file. */
  readonly unreadable: readonly string[];
  /** Whether the images come from a stream. */
  readonly streamed: boolean;
}

/** A usual window, and what pictures of 256 × 256 are to it. */
const USUAL_CROP = 224, SIZE_BY_CROP = 256 / 224;

/** The factor of bytes minus their mean: the standard deviation of photographs' bytes is about 64. */
const SCALE = 1 / 64;

/** From how many pictures the mean color is taken. */
export const MEAN_SAMPLE = 2000;

function checkSizes(crop: number, size: number): void {
  if (Number.isInteger(crop) && Number.isInteger(size) && crop >= 1 && crop <= size) return;
  throw new RangeError(
    `imageFolder: expected integers with 1 <= crop <= size, found crop ${crop} and size ${size}`,
  );
}

function checkShare(share: number): void {
  if (share > 0 && share < 1) return;
  throw new RangeError(`imageFolder: expected testShare above 0 and below 1, found ${share}`);
}

function checkLimit(maxPixels: number | undefined): void {
  if (maxPixels === undefined || Number.isSafeInteger(maxPixels) && maxPixels > 0) return;
  throw new RangeError(
    `imageFolder: expected maxPixels to be an integer of at least 1, found ${maxPixels}`,
  );
}

/** Further pictures, prepared as those for testing. */
const preparedLike = ({ mean, window }: Prepared, dataset: Dataset): Prepared => ({
  dataset,
  scale: new Float64Array(dataset.count).fill(SCALE),
  offset: new Float64Array(dataset.count),
  mean,
  window,
});

/**
 * Reads pictures in a folder for each class; in folders `train`, `val` and `test` of such folders; or in a table
 * (CSV) of paths, labels and perhaps splits. They may be of any size, PNG, JPEG, WebP, GIF, AVIF or TIFF, gray, in
 * color, with a palette, transparent (on white), rotated by EXIF. The shorter side of each is resized to `size`
 * (bilinear, antialiased) and the center taken, with the bytes of torchvision's `Resize` and `CenterCrop`; a net
 * sees windows of `crop`, in training random ones, half of them mirrored. A pixel becomes
 * (byte - mean color) / 64.
 *
 * Decoded pictures in memory are kept in the user's cache too. Formats other than PNG and JPEG need the npm package
 * `sharp`, which also decodes those faster, with the same bits; Deno fetches it at first use.
 *
 * @param place The folder, or the table.
 * @throws DataError where there are no pictures, fewer than two classes, or one that has a single picture and no
 * given split; with `strict` also on a picture that cannot be read.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 * import { imageFolder } from "@goodinit/goodinit/images";
 *
 * // PNGs of one pixel, a red and a blue one.
 * const dot = (color: string) => Uint8Array.fromBase64(
 *   `iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42m${color}AAAAAElFTkSuQmCC`);
 * const colors = { red: "P4z8AAAAMBAQD3A0FD", blue: "NgYPgPAAEDAQA2dBFA" };
 * const folder = await Deno.makeTempDir();
 * for (const [name, color] of Object.entries(colors)) {
 *   await Deno.mkdir(`${folder}/${name}`);
 *   for (const i of [1, 2]) await Deno.writeFile(`${folder}/${name}/${i}.png`, dot(color));
 * }
 * const photos = await imageFolder(folder, { crop: 8, testShare: 0.5 });
 * console.assert(photos.classNames.join() === "blue,red" && photos.train.dataset.count === 2);
 * const [batch] = data.testBatches(photos.test, { batch: 2 });
 * console.assert(batch!.images.length === 2 * 8 * 8 * 3);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function imageFolder(
  place: string,
  options: ImageFolderOptions = {},
): Promise<ImageFolder> {
  const { crop = USUAL_CROP, channels = 3, resizedCrop = false, testShare = 0.2 } = options;
  const { size = Math.round(crop * SIZE_BY_CROP), strict = false, columns, workers } = options;
  const { memory = usualMemory(), progress, maxPixels } = options;
  checkSizes(crop, size);
  checkShare(testShare);
  checkLimit(maxPixels);
  if (resizedCrop && options.images === "memory") {
    throw new RangeError(
      'imageFolder: expected images: "stream" beside resizedCrop, found "memory"',
    );
  }
  const held = { share: testShare, seed: options.seed ?? 0 };
  const listing = await listPlace(place, { held, columns });
  const { splits, faults, streamed } = await loadListing("pictures", listing, {
    size: { height: size, width: size, channels },
    images: resizedCrop ? "stream" : options.images ?? "auto",
    memory,
    workers,
    maxPixels,
    strict,
    observer: { progress },
  });
  const test = splits.test ?? splits.validation;
  if (!test) throw new DataError(`${place}: expected pictures for testing, found none`);
  const prepared = preparePictures(splits.train, test, {
    mean: "color",
    scale: SCALE,
    window: crop,
    resizedCrop,
    sample: MEAN_SAMPLE,
  });
  const validation = splits.test && splits.validation;
  return {
    ...prepared,
    validation: validation && preparedLike(prepared.test, validation),
    classNames: listing.classNames,
    unreadable: [...faults.train, ...faults.validation, ...faults.test],
    streamed,
  };
}
