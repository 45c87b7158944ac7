/**
 * `deno task datasets`: lists the known data sets, and where each is stored.
 *
 * @module
 */
import { aligned } from "../cli/align.ts";
import { cacheFolder } from "../cli/cache_folder.ts";
import { type Command, command } from "../cli/command.ts";
import { grouped } from "../cli/format.ts";
import { fileSize } from "./checksums.ts";
import { megabytes } from "./download_progress.ts";
import {
  cachedPlace,
  DATASET_NAMES,
  datasetFacts,
  type DatasetName,
  datasetRecord,
  type Download,
  unpackedFiles,
} from "./registry.ts";

const DATASETS: Command<Record<never, never>> = {
  name: "datasets",
  table: {},
  page: {
    command: "deno task datasets",
    about:
      "list the known data sets: classes, images, and where each is stored on this disk, or how much " +
      "would be downloaded.",
    examples: [["deno task datasets", "All of them:"]],
    notes: [
      "The names are those of --dataset of the training tasks. These look for a data set in the folder " +
      "that --data or GOODINIT_DATA names, then in the cache, and download it if it is in neither.",
      "The cache is the folder that GOODINIT_CACHE names, or goodinit in the user's cache folder. A data " +
      "set counts as present by the sizes of its files; a training verifies their SHA-256 too.",
      "Data sets of one archive, such as EMNIST's splits, are downloaded together.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** Whether all files of a download are in the cache, by their sizes. */
async function isPresent(download: Download, cache: string): Promise<boolean> {
  const sizes = unpackedFiles(download).map(async ({ file, bytes }) =>
    await fileSize(`${cache}/${download.folder}/${file}`) === bytes
  );
  return (await Promise.all(sizes)).every((same) => same);
}

/** Where a data set is stored, in a few words. */
async function describePlace(name: DatasetName, cache: string): Promise<string> {
  const { format } = datasetRecord(name), { download } = datasetFacts(name);
  if (format === "drawn") return "drawn by a program";
  if (format === "own" || format === "pictures") return "in a folder that --data names";
  if (!download) return "not downloaded: name its folder by --data";
  if (await isPresent(download, cache)) return `${cache}/${cachedPlace(download)}`;
  const bytes = download.archives.reduce((sum, archive) => sum + archive.bytes, 0);
  return `${megabytes(bytes)} to download`;
}

/** The cells of a data set; empty where they depend on the files. */
async function formatCells(name: DatasetName, cache: string): Promise<string[]> {
  const { title, classNames, shape, counts } = datasetFacts(name);
  return [
    name,
    title,
    await describePlace(name, cache),
    classNames ? grouped(classNames.length) : "",
    shape ? `${shape.height}×${shape.width}×${shape.channels}` : "",
    ...[counts?.train, counts?.test].map((count) => count === undefined ? "" : grouped(count)),
  ];
}

async function list(): Promise<void> {
  const cache = cacheFolder(), named = Deno.env.get("GOODINIT_DATA");
  const heads = ["name", "data set", "where", "classes", "image", "training", "test"];
  const rows = await Promise.all(DATASET_NAMES.map((name) => formatCells(name, cache)));
  console.log(aligned([heads, ...rows], 3).join("\n"));
  if (named) console.log(`\nGOODINIT_DATA names ${named}, which training tasks use first`);
}

/** Runs the task; returns the exit code. */
export const datasets = (args: readonly string[]): Promise<number> => command(DATASETS, args, list);
