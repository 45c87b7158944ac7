/**
 * A data set of pictures in class folders: decoded and resized once, then read from the cache.
 *
 * @module
 */
import { DataError, type Dataset, type Split } from "../../../src/data/mod.ts";
import type { ImageSize } from "../../images/fit.ts";
import { cacheFolder } from "../../cli/cache_folder.ts";
import { OptionError } from "../../cli/option_table.ts";
import { grouped } from "../../cli/format.ts";
import type { DownloadReporter } from "../download_progress.ts";
import { type LabeledFile, readClassFolders } from "./class_folders.ts";
import { decodePictures } from "./decode_pictures.ts";
import { picturesKey, readCached, writeCached } from "./picture_cache.ts";

/** What to load of a folder. */
export interface PicturesRequest {
  /** Rows and columns that pictures are resized to. */
  readonly size: number;
  /** How many pictures of each split to load; all if left out. */
  readonly counts: Readonly<Record<Split, number | undefined>>;
  readonly reporter: Pick<DownloadReporter, "say">;
}

/** Seconds between two lines on how many pictures are decoded. */
const SAY_EVERY = 10;

/** The most bytes of images. */
const MOST_BYTES = 2 ** 32;

function checkBytes(count: number, elements: number, { height, width }: ImageSize): void {
  if (count * elements <= MOST_BYTES) return;
  throw new DataError(
    `expected at most ${
      grouped(Math.floor(MOST_BYTES / elements))
    } pictures of ${height} × ${width}, which 4 GiB hold, ` +
      `found ${grouped(count)}; take fewer by --subset, or smaller ones by --size`,
  );
}

/** As many files as the option of a split asks for. */
function firstFiles(split: Split, files: readonly LabeledFile[], count: number | undefined) {
  if (count === undefined || count <= files.length) return files.slice(0, count);
  throw new OptionError(
    `--${
      split === "train" ? "subset" : "test-subset"
    }: expected at most ${files.length} pictures, which there ` +
      `are for this split, found ${count}`,
  );
}

/** The bytes of pictures, from the cache or decoded now; a cache that cannot be written costs only time. */
async function loadImages(
  place: string,
  files: readonly LabeledFile[],
  size: ImageSize,
  { say }: Pick<DownloadReporter, "say">,
): Promise<Uint8Array<ArrayBuffer>> {
  const paths = files.map(({ path }) => path), elements = size.height * size.width * size.channels;
  checkBytes(paths.length, elements, size);
  const folder = `${cacheFolder()}/pictures`,
    cached = `${folder}/${await picturesKey(paths, size)}`;
  const found = await readCached(cached, paths.length * elements);
  if (found) return found;
  say(`decoding ${grouped(paths.length)} pictures of ${place}`);
  let said = performance.now();
  const images = await decodePictures(paths, size, (count) => {
    if (performance.now() - said < 1000 * SAY_EVERY) return;
    said = performance.now();
    say(`decoded ${grouped(count)} of ${grouped(paths.length)} pictures`);
  });
  try {
    await Deno.mkdir(folder, { recursive: true });
    await writeCached(cached, images);
  } catch (error) {
    say(
      `${cached}: expected to write it, found ${error}; the pictures are decoded again next time`,
    );
  }
  return images;
}

/**
 * Loads both splits of pictures in class folders, [count, size, size, 3], shuffled once and for all. Throws a
 * DataError that names a broken picture, and where there are no pictures or fewer than two classes.
 */
export async function loadPictures(
  place: string,
  { size: side, counts, reporter }: PicturesRequest,
): Promise<Readonly<Record<Split, Dataset>>> {
  const { classNames, splits } = await readClassFolders(place);
  const size = { height: side, width: side, channels: 3 };
  const load = async (split: Split): Promise<Dataset> => {
    const files = firstFiles(split, splits[split], counts[split]), count = files.length;
    const images = await loadImages(place, files, size, reporter);
    const labels = Uint16Array.from(files, ({ label }) => label);
    const classes = classNames.length;
    return { name: `pictures ${split}`, images, labels, count, ...size, classes, classNames };
  };
  return { train: await load("train"), test: await load("test") };
}
