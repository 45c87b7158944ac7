/**
 * A data set in the cache: found there, or downloaded. Its folder is complete or absent at any moment,
 * however the program ends.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { findFault } from "./checksums.ts";
import type { DownloadReporter } from "./download_progress.ts";
import { fetchArchive } from "./fetch_archive.ts";
import { mirrorUrls } from "./mirrors.ts";
import { type Archive, type Checksum, type Download, unpackedFiles } from "./registry.ts";
import { unpack } from "./unpack.ts";

/** How a data set gets into the cache. */
export interface CacheOptions {
  /** The folder that holds all data sets. */
  readonly cache: string;
  /** Mirrors instead of the archives' own: addresses of folders separated by commas, or `none`. */
  readonly mirrors?: string | undefined;
  /** Shows downloads. */
  readonly reporter: DownloadReporter;
  /** Seconds without a byte after which an attempt is given up; 15 if left out. */
  readonly stall?: number;
  /** Seconds before an address is tried again; 1 if left out. */
  readonly pause?: number;
}

const remove = async (path: string) => {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
};

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The first file of a folder that differs from its checksum, and how; undefined where all agree. */
async function findFaultIn(
  folder: string,
  files: readonly Checksum[],
): Promise<string | undefined> {
  for (const sum of files) {
    const path = `${folder}/${sum.file}`, fault = await findFault(path, sum);
    if (fault !== undefined) return `${path}: ${fault}`;
  }
}

/** Locks a file until disposed of; waits for another process that has locked it. */
async function lockFile(path: string, { say }: DownloadReporter): Promise<Disposable> {
  const file = await Deno.open(path, { write: true, create: true });
  try {
    if (!await file.tryLock(true)) {
      say(`waiting for another process that has locked ${path}`);
      await file.lock(true);
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return { [Symbol.dispose]: () => file.close() };
}

async function flush(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

/** The file of an archive while it is downloaded, named after its path on a mirror, so that each has its own. */
const partPath = (cache: string, { file, mirrorPath = file }: Archive): string =>
  `${cache}/${mirrorPath.replaceAll("/", "-")}.part`;

/** Downloads all archives into their partial files. */
async function fetchAll({ archives }: Download, options: CacheOptions): Promise<void> {
  const { cache, mirrors, reporter, stall = 15, pause = 1 } = options;
  for (const archive of archives) {
    const urls = mirrorUrls(archive, mirrors);
    await fetchArchive(archive, partPath(cache, archive), { urls, reporter, stall, pause });
  }
}

/** Unpacks all archives into a folder of the data set's name in `place`, and checks what came out. */
async function unpackAll(
  { folder, archives }: Download,
  cache: string,
  place: string,
): Promise<void> {
  await remove(place);
  await Deno.mkdir(`${place}/${folder}`, { recursive: true });
  for (const archive of archives) {
    const part = partPath(cache, archive);
    const names = archive.members?.map(({ file }) => `${folder}/${file}`);
    if (names) await unpack(part, place, names);
    else await Deno.copyFile(part, `${place}/${folder}/${archive.file}`);
  }
  const files = unpackedFiles({ folder, archives });
  const fault = await findFaultIn(`${place}/${folder}`, files);
  if (fault !== undefined) throw new DataError(fault);
  for (const { file } of files) await flush(`${place}/${folder}/${file}`);
}

/** Downloads and unpacks a data set into a temporary folder, then renames that to the data set's. */
async function fillCache(download: Download, options: CacheOptions): Promise<void> {
  const { folder, archives } = download, { cache } = options, fresh = `${cache}/${folder}.tmp`;
  await fetchAll(download, options);
  await unpackAll(download, cache, fresh);
  await remove(`${cache}/${folder}`);
  await Deno.rename(`${fresh}/${folder}`, `${cache}/${folder}`);
  await Promise.all([fresh, ...archives.map((archive) => partPath(cache, archive))].map(remove));
}

/** Whether a data set is cached and intact; a damaged one is reported. */
async function isCached(download: Download, { cache, reporter }: CacheOptions): Promise<boolean> {
  const folder = `${cache}/${download.folder}`;
  if (!await isFolder(folder)) return false;
  const fault = await findFaultIn(folder, unpackedFiles(download));
  if (fault !== undefined) reporter.say(`${fault}; downloading it again`);
  return fault === undefined;
}

async function findOrDownload(
  download: Download,
  options: CacheOptions,
): Promise<"cache" | "download"> {
  if (await isCached(download, options)) return "cache";
  await Deno.mkdir(options.cache, { recursive: true });
  using _lock = await lockFile(`${options.cache}/${download.folder}.lock`, options.reporter);
  if (await isCached(download, options)) return "cache";
  await fillCache(download, options);
  return "download";
}

/**
 * Ensures that a data set is in the cache, every file of the expected size and SHA-256; returns whether it
 * was there or was downloaded. Several processes may call it at once: one downloads, the others wait.
 * Throws a DataError where it cannot be downloaded.
 */
export async function ensureCached(
  download: Download,
  options: CacheOptions,
): Promise<"cache" | "download"> {
  try {
    return await findOrDownload(download, options);
  } catch (error) {
    if (!(error instanceof Error && /\(os error \d+\)/.test(error.message))) throw error;
    throw new DataError(
      `${options.cache}: expected a folder where data can be stored, found ${error.message}`,
      { cause: error },
    );
  }
}
