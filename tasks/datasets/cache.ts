/**
 * A data set in the cache: found there, or downloaded. Its folder is whole or absent, at any moment
 * and whatever ends the program.
 *
 * @module
 */
import { DataError } from "../../src/data/mod.ts";
import { faultOf } from "./checksums.ts";
import type { Tell } from "./download_progress.ts";
import { fetchArchive } from "./fetch_archive.ts";
import { addressesOf } from "./mirrors.ts";
import { type Archive, type Checksum, type Download, filesOf } from "./registry.ts";
import { unpack } from "./unpack.ts";

/** How a data set is made sure of. */
export interface EnsureOptions {
  /** The folder that holds all data sets. */
  readonly cache: string;
  /** Instead of the archives' own: folders' addresses separated by commas, or `none`. */
  readonly mirrors?: string | undefined;
  /** Where downloads are shown. */
  readonly tell: Tell;
  /** Seconds without a byte after which an address is given up for now; 15 unless told. */
  readonly stall?: number;
  /** Seconds before an address is asked again; 1 unless told. */
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

/** The first file of a folder that is not the one meant, and how; undefined where all are. */
async function faultIn(folder: string, files: readonly Checksum[]): Promise<string | undefined> {
  for (const sum of files) {
    const path = `${folder}/${sum.file}`, fault = await faultOf(path, sum);
    if (fault !== undefined) return `${path}: ${fault}`;
  }
}

/** Lets no other process in until it is disposed of; waits for one that is in. */
async function alone(path: string, { say }: Tell): Promise<Disposable> {
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

/** Downloads and unpacks all of a data set beside its place, then puts it there. */
async function obtain(download: Download, options: EnsureOptions): Promise<void> {
  const { folder, archives } = download, { cache, mirrors, tell, stall = 15, pause = 1 } = options;
  const partOf = ({ file, mirrorPath = file }: Archive) =>
    `${cache}/${mirrorPath.replaceAll("/", "-")}.part`;
  for (const archive of archives) {
    const urls = addressesOf(archive, mirrors);
    await fetchArchive(archive, partOf(archive), { urls, tell, stall, pause });
  }
  const fresh = `${cache}/${folder}.tmp`;
  await remove(fresh);
  await Deno.mkdir(`${fresh}/${folder}`, { recursive: true });
  for (const archive of archives) {
    const names = archive.members?.map(({ file }) => `${folder}/${file}`);
    if (names) await unpack(partOf(archive), fresh, names);
    else await Deno.copyFile(partOf(archive), `${fresh}/${folder}/${archive.file}`);
  }
  const files = filesOf(download), fault = await faultIn(`${fresh}/${folder}`, files);
  if (fault !== undefined) throw new DataError(fault);
  for (const { file } of files) await flush(`${fresh}/${folder}/${file}`);
  await remove(`${cache}/${folder}`);
  await Deno.rename(`${fresh}/${folder}`, `${cache}/${folder}`);
  await Promise.all([fresh, ...archives.map(partOf)].map(remove));
}

/** Whether a data set is there and whole; one that is damaged is told of. */
async function isThere(download: Download, { cache, tell }: EnsureOptions): Promise<boolean> {
  const folder = `${cache}/${download.folder}`;
  if (!await isFolder(folder)) return false;
  const fault = await faultIn(folder, filesOf(download));
  if (fault !== undefined) tell.say(`${fault}; downloading it again`);
  return fault === undefined;
}

async function makeSure(download: Download, options: EnsureOptions): Promise<"cache" | "download"> {
  if (await isThere(download, options)) return "cache";
  await Deno.mkdir(options.cache, { recursive: true });
  using _lock = await alone(`${options.cache}/${download.folder}.lock`, options.tell);
  if (await isThere(download, options)) return "cache";
  await obtain(download, options);
  return "download";
}

/**
 * Makes sure that a data set lies in the cache, every file of the size and SHA-256 that it must have,
 * and tells whether it was there or was downloaded. Several processes may ask at once: one downloads,
 * the others wait. Throws a DataError where it cannot be had.
 */
export async function ensure(
  download: Download,
  options: EnsureOptions,
): Promise<"cache" | "download"> {
  try {
    return await makeSure(download, options);
  } catch (error) {
    if (!(error instanceof Error && /\(os error \d+\)/.test(error.message))) throw error;
    throw new DataError(
      `${options.cache}: expected a folder where data can be kept, found ${error.message}`,
      { cause: error },
    );
  }
}
