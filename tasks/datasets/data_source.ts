/**
 * Finding and preparing the data set of a training task: in a folder that is given, else in the
 * cache, else downloaded, else made by a program.
 *
 * @module
 */
import {
  DataError,
  type Dataset,
  prepareCifar,
  type PreparedSplits,
  prepareMnist,
  procedural,
  type ProceduralOptions,
  subset,
} from "../../src/data/mod.ts";
import { absolute, fromCaller } from "../cli/caller.ts";
import { DOWNLOADS, type Downloads } from "./archives.ts";
import { cacheFolder } from "./cache_folder.ts";
import { ensure } from "./ensure.ts";
import { isDownload, type RealName, sourceOf } from "./sources.ts";
import type { Tell } from "./tell.ts";
import { OptionError } from "../cli/options.ts";
import type { DatasetName } from "../training/train_options.ts";
import type { TaskName } from "../run/settings.ts";

const PREPARE = { cifar: prepareCifar, mnist: prepareMnist } as const;

/** What to load. */
export interface DataRequest {
  readonly task: TaskName;
  readonly dataset: DatasetName;
  /** Whether procedural images do instead where the data set can neither be found nor downloaded. */
  readonly orProcedural: boolean;
  /** Whether a folder that is given may hold one of the data set's kin instead. */
  readonly orKin?: boolean;
  /** The folder. */
  readonly data?: string | undefined;
  /** Use so many training images only. */
  readonly subset?: number | undefined;
  /** Use so many test images only. */
  readonly testSubset?: number | undefined;
}

/** Where data came from, as a run's manifest says it. */
export type Origin =
  | { readonly kind: "folder" | "cache" | "download"; readonly path: string }
  | {
    readonly kind: "procedural";
    readonly seed: number;
    /** The data set that was wanted, and why it could not be had; absent where these images were. */
    readonly instead?: { readonly of: RealName; readonly because: string };
  };

/** The folder that a manifest's `data` names, where one was given and is still there. */
export async function folderIn(data: unknown): Promise<string | undefined> {
  const { kind, path } = (data as { readonly origin?: Partial<Record<string, unknown>> })?.origin ??
    {};
  if (kind !== "folder" || typeof path !== "string") return undefined;
  return (await Deno.stat(path).catch(() => undefined))?.isDirectory ? path : undefined;
}

/** Data ready for training. */
export interface Loaded {
  readonly dataset: DatasetName;
  readonly splits: PreparedSplits;
  readonly origin: Origin;
}

/** What there is to download, and where that is shown. */
export interface DataMeans {
  readonly tell: Tell;
  readonly downloads?: Downloads | undefined;
}

function cut(name: string, dataset: Dataset, count: number | undefined): Dataset {
  if (count === undefined) return dataset;
  if (count <= dataset.count) return subset(dataset, count);
  throw new OptionError(
    `--${name}: expected at most ${dataset.count} images, which ${dataset.name} has, found ${count}`,
  );
}

/** What a folder holds, in a few words. */
async function contentOf(folder: string): Promise<string> {
  try {
    const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
    if (names.length === 0) return "is empty";
    const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
    return `holds ${names.slice(0, 4).join(", ")}${more}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "does not exist";
    return error instanceof Deno.errors.NotADirectory ? "is a file" : "cannot be read";
  }
}

async function fromFolder(
  real: RealName,
  folder: string,
  { task, subset, testSubset, orKin = false }: DataRequest,
): Promise<Pick<Loaded, "dataset" | "splits">> {
  const { load, files } = sourceOf(real);
  try {
    const [train, test] = await Promise.all([
      load(folder, { split: "train", orKin }),
      load(folder, { split: "test", orKin }),
    ]);
    const splits = PREPARE[task](
      cut("subset", train.dataset, subset),
      cut("test-subset", test.dataset, testSubset),
    );
    return { dataset: train.name, splits };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const content = `${folder} ${await contentOf(folder)}`;
    throw new DataError(
      `${error.message}; ${content}. --data or GOODINIT_DATA must name a folder with ${files}` +
        (isDownload(real) ? "; without either it is downloaded" : ""),
      { cause: error },
    );
  }
}

/** Decides the procedural images of every run, so that runs of different seeds can be compared. */
const SEED = 0;

/** Procedural images, their number from an option of this name. */
function drawn(name: string, options: ProceduralOptions): Dataset {
  try {
    return procedural(options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new OptionError(`--${name}: ${cause.message}`, { cause });
  }
}

function made(
  { task, subset, testSubset }: DataRequest,
  instead?: { readonly of: RealName; readonly because: string },
): Loaded {
  const kind = task === "mnist" ? { size: 28, channels: 1 } as const : {};
  const train = drawn("subset", { split: "train", count: subset, seed: SEED, ...kind });
  const test = drawn("test-subset", { split: "test", count: testSubset, seed: SEED, ...kind });
  const origin: Origin = { kind: "procedural", seed: SEED, ...(instead ? { instead } : {}) };
  return { dataset: "procedural", splits: PREPARE[task](train, test), origin };
}

/** Makes sure of a data set in the cache; its folder there, and whether it had to be downloaded. */
async function cached(real: keyof Downloads, { tell, downloads = DOWNLOADS }: DataMeans) {
  const cache = cacheFolder(), mirrors = Deno.env.get("GOODINIT_MIRRORS");
  return { kind: await ensure(downloads[real], { cache, mirrors, tell }), path: cache } as const;
}

/**
 * Loads and prepares a data set. Throws a DataError where files are missing or damaged, which says
 * what is needed and where to get it, and an {@linkcode OptionError} on options that do not fit.
 */
export async function loadData(request: DataRequest, means: DataMeans): Promise<Loaded> {
  const { dataset, data, orProcedural } = request;
  if (dataset === "procedural") {
    if (data === undefined) return made(request);
    throw new OptionError(`--data: expected none beside --dataset procedural, found ${data}`);
  }
  const named = Deno.env.get("GOODINIT_DATA"), folder = data ?? (named && fromCaller(named));
  if (folder) {
    const found = await fromFolder(dataset, folder, request);
    return { ...found, origin: { kind: "folder", path: absolute(folder) } };
  }
  if (!isDownload(dataset)) {
    const { title, files } = sourceOf(dataset);
    throw new DataError(
      `expected --data or GOODINIT_DATA to name the folder of ${title}, which is not downloaded, ` +
        `found neither; it must hold ${files}`,
    );
  }
  let origin: Origin & { readonly path: string };
  try {
    origin = await cached(dataset, means);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    if (orProcedural) return made(request, { of: dataset, because: error.message });
    throw new DataError(
      `${error.message}. Without a mirror, get ${
        sourceOf(dataset).files
      }, and name their folder by ` +
        "--data or GOODINIT_DATA; docs/data.md tells more",
      { cause: error },
    );
  }
  const { splits } = await fromFolder(dataset, origin.path, { ...request, orKin: false });
  return { dataset, splits, origin };
}
