/**
 * Loading and preparing the data set of a training task: from a given folder, else from the cache, else
 * downloaded, else procedural.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { DataError, type Dataset, type PreparedSplits, subset } from "../../src/data/mod.ts";
import { PICTURES } from "../../src/data/catalogue/pictures.ts";
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import type { RecipeName } from "../../src/data/catalogue/record.ts";
import { MODEL_RECORDS, type ModelName } from "../../src/models/registry.ts";
import { absolute, fromCaller } from "../cli/caller.ts";
import { ensureCached } from "./cache.ts";
import { cacheFolder } from "../cli/cache_folder.ts";
import type { DownloadReporter } from "./download_progress.ts";
import { drawImages, DRAWING_SEED } from "./draw_images.ts";
import { loadFolder } from "./load_folder.ts";
import { holdsPictures, isTable } from "../images/listing/mod.ts";
import { loadPictures, type PicturesRequest } from "./pictures/load_pictures.ts";
import type { Missing, Origin } from "./origin.ts";
import { type ImageSettings, prepareImages } from "./preparations.ts";
import {
  cachedPlace,
  type DatasetName,
  datasetRecord,
  type Download,
  DOWNLOADS,
  type Downloads,
  type DrawnRecord,
  type FiledRecord,
} from "./registry.ts";
import { OptionError } from "../cli/option_table.ts";

/** What to load. */
export interface DataRequest
  extends ImageSettings, Omit<PicturesRequest, "size" | "counts" | "reporter"> {
  readonly task: RecipeName;
  readonly dataset: DatasetName;
  /** Whether procedural images replace a data set that can neither be found nor downloaded. */
  readonly orProcedural: boolean;
  /** Whether a given folder may hold another data set of the same format instead. */
  readonly orSameFormat?: boolean;
  /** The folder. */
  readonly data?: string | undefined;
  /** The net, at whose usual size pictures are loaded unless a size is given. */
  readonly net?: ModelName | undefined;
  /** How many training images to use; all if left out. */
  readonly subset?: number | undefined;
  /** How many test images to use; all if left out. */
  readonly testSubset?: number | undefined;
}

/** Data ready for training. */
export interface Loaded {
  readonly dataset: DatasetName;
  readonly splits: PreparedSplits;
  readonly origin: Origin;
}

/** What there is to download, and what shows it. */
export interface DownloadOptions {
  readonly reporter: DownloadReporter;
  readonly downloads?: Downloads | undefined;
}

/** As many images as the option of this name asks for. */
function firstImages(option: string, dataset: Dataset, count: number | undefined): Dataset {
  if (count === undefined) return dataset;
  if (count <= dataset.count) return subset(dataset, count);
  throw new OptionError(
    `--${option}: expected at most ${
      counted(dataset.count, "image")
    }, which ${dataset.name} has, found ${count}`,
  );
}

/** Loads a folder's data set, and prepares as many images as are asked for. */
async function fromFolder(
  record: FiledRecord,
  folder: string,
  request: DataRequest,
): Promise<Pick<Loaded, "dataset" | "splits">> {
  const { task, subset, testSubset, orSameFormat = false } = request;
  const { name, train, test } = await loadFolder(record, folder, orSameFormat);
  const splits = prepareImages(task, name, request, {
    train: firstImages("subset", train, subset),
    test: firstImages("test-subset", test, testSubset),
  });
  return { dataset: name, splits };
}

/** What CaffeNet's pictures of 256 × 256 are to its windows. */
const SIZE_BY_CROP = 256 / 227;

/** Rows and columns that pictures are resized to. */
function pictureSize({ size, crop, net }: DataRequest): number {
  if (size !== undefined) return size;
  if (crop !== undefined) return Math.round(crop * SIZE_BY_CROP);
  return net === undefined ? MODEL_RECORDS.fitnet1.images.height : MODEL_RECORDS[net].images.height;
}

/** Loads pictures of the user's own, and prepares them. */
async function fromPictures(
  folder: string,
  request: DataRequest,
  reporter: DownloadReporter,
): Promise<Pick<Loaded, "dataset" | "splits">> {
  const { task, subset, testSubset } = request, dataset = PICTURES.name;
  const counts = { train: subset, test: testSubset };
  const loaded = await loadPictures(folder, {
    ...request,
    size: pictureSize(request),
    counts,
    reporter,
  });
  return { dataset, splits: prepareImages(task, dataset, { ...request, size: undefined }, loaded) };
}

/** Whether a folder holds pictures where the request leaves open which data set it holds. */
const areInstead = async (folder: string, { task, orSameFormat }: DataRequest): Promise<boolean> =>
  orSameFormat === true && (PICTURES.recipes as readonly RecipeName[]).includes(task) &&
  (isTable(folder) || await holdsPictures(folder));

/** Draws the images of a data set, and prepares them. */
function drawSet(
  { name, plain }: DrawnRecord,
  request: DataRequest,
  instead?: Missing,
): Loaded {
  const { task, subset, testSubset, size } = request;
  const drawn = drawImages(task, { train: subset, test: testSubset }, { size, plain });
  const origin: Origin = {
    kind: "procedural",
    seed: DRAWING_SEED,
    ...(plain && { plain }),
    ...(instead ? { instead } : {}),
  };
  return { dataset: name, splits: prepareImages(task, name, request, drawn), origin };
}

/** Loads a data set from the cache, downloaded before or now; draws images instead where the request allows it. */
async function fromCache(
  record: FiledRecord,
  download: Download,
  request: DataRequest,
  reporter: DownloadReporter,
): Promise<Loaded> {
  const cache = cacheFolder(), mirrors = Deno.env.get("GOODINIT_MIRRORS");
  let kind: "cache" | "download";
  try {
    kind = await ensureCached(download, { cache, mirrors, reporter });
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    if (request.orProcedural) {
      return drawSet(PROCEDURAL, request, { of: record.name, because: error.message });
    }
    throw new DataError(
      `${error.message}. Without a mirror, get ${record.source}, and name their folder by --data or ` +
        "GOODINIT_DATA; see docs/data.md",
      { cause: error },
    );
  }
  const place = `${cache}/${cachedPlace(download)}`;
  const { splits } = await fromFolder(record, place, { ...request, orSameFormat: false });
  return { dataset: record.name, splits, origin: { kind, path: cache } };
}

/**
 * Loads and prepares a data set. Throws a DataError on missing or damaged files, which says what is
 * needed and where to get it, and an {@linkcode OptionError} on invalid options.
 */
export async function loadData(
  request: DataRequest,
  { reporter, downloads = DOWNLOADS }: DownloadOptions,
): Promise<Loaded> {
  const { dataset, data } = request, record = datasetRecord(dataset);
  if (record.format === "drawn") {
    if (data === undefined) return drawSet(record, request);
    throw new OptionError(`--data: expected none beside --dataset ${dataset}, found ${data}`);
  }
  const named = Deno.env.get("GOODINIT_DATA"), folder = data ?? (named && fromCaller(named));
  if (folder) {
    const pictures = record.format === "pictures" || await areInstead(folder, request);
    const found = pictures
      ? await fromPictures(folder, request, reporter)
      : await fromFolder(record, folder, request);
    return { ...found, origin: { kind: "folder", path: absolute(folder) } };
  }
  const download = downloads[dataset];
  if (download) return await fromCache(record, download, request, reporter);
  throw new DataError(
    `expected --data or GOODINIT_DATA to name the folder of ${record.title}, which is not downloaded, ` +
      `found neither; it must hold ${record.source}`,
  );
}
