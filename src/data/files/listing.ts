/**
 * Lists the files of a folder and its subfolders, or of an archive.
 *
 * @module
 */
import { fileErrorCode, type FileSystem } from "../../platform/file_system.ts";
import { findFiles, platformFiles } from "../../platform/files.ts";
import { DataError, type NamedBytes } from "./data_file.ts";
import { anySize, type Bound, checkContent, FIRST } from "./bound.ts";
import { isTar, readTar } from "./tar.ts";
import { gunzipTar } from "./tar_stream.ts";
import { isGzipped } from "./gzip.ts";
import { decompress, isPacked, unlessPacked } from "./decompress.ts";
import type { Place } from "./place.ts";
import { isZip, readZip } from "./zip.ts";

/** A listed file, read on demand. */
export interface Listed {
  /** Its path relative to the folder or archive, with forward slashes. */
  readonly path: string;
  /** Its path as errors show it. */
  readonly file: string;
  /**
   * Its content, decompressed. Rejects with a DataError if it is damaged, or has more bytes than the bound
   * allows, before it is read.
   */
  read(bound: Bound): Promise<NamedBytes>;
}

/** How many levels of subfolders are searched: torchvision's files are in `MNIST/raw`. */
const DEPTH = 3;
/** The most names that are examined, in case a folder holds much else. */
const MAX_NAMES = 20_000;

/** The errors of what is not there, or not to be seen. */
const ABSENT: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR", "EACCES"]);

const isAbsent = (error: unknown): boolean => ABSENT.has(fileErrorCode(error));

/** The names in a folder, sorted; none if it cannot be read. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await platformFiles().list(folder)).map(({ name }) => name).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** A file whose bytes are read in parts. */
interface Opened {
  readonly file: string;
  readonly size: number;
  /** Its first bytes. */
  start(bytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Reads a file, once its first bytes, and its size, are found to be within the bound. */
async function readBounded({ file, size, start }: Opened, bound: Bound): Promise<NamedBytes> {
  const first = await start(FIRST), packed = isPacked(first);
  const most = (packed ? anySize : bound)(first, file);
  checkContent(file, size, most);
  return { file, bytes: await start(Math.min(most, size)) };
}

/** Reads a file and decompresses it. */
const readContent = async (opened: Opened, bound: Bound): Promise<NamedBytes> =>
  await decompress(await readBounded(opened, bound), bound);

/** Opens a file of the platform. */
const openFile = (file: string, size: number): Opened => ({
  file,
  size,
  start: (bytes) => platformFiles().readStart(file, bytes),
});

async function listFolder(place: string): Promise<Listed[]> {
  const files: Listed[] = [];
  let folders = [""], looked = 0;
  for (let depth = 0; depth <= DEPTH && folders.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of folders) {
      for (const name of await namesIn(`${place}/${folder}`)) {
        if (name.startsWith(".") || ++looked > MAX_NAMES) continue;
        const path = folder + name, file = `${place}/${path}`;
        const found = await platformFiles().stat(file).catch(() => undefined);
        if (found?.isDirectory) next.push(`${path}/`);
        else if (found?.isFile) {
          const opened = openFile(file, found.size);
          files.push({ path, file, read: (bound) => readContent(opened, bound) });
        }
      }
    }
    folders = next;
  }
  return files;
}

/** The files of an archive; none of another kind of file. */
async function listArchive(source: NamedBytes): Promise<Listed[]> {
  const { file: place } = source;
  if (isZip(source.bytes)) {
    return readZip(source).map(({ path, read }) => {
      const file = `${place}/${path}`;
      return {
        path,
        file,
        read: async (bound) =>
          await decompress({ file, bytes: await read(unlessPacked(bound)) }, bound),
      };
    });
  }
  const tar = isGzipped(source.bytes) ? await gunzipTar(source) : source;
  if (!isTar(tar.bytes)) return [];
  return [...readTar(tar)].map(([path, bytes]) => {
    const file = `${place}/${path}`;
    return { path, file, read: (bound) => decompress({ file, bytes }, bound) };
  });
}

/** The names of archives among files that a caller gives. */
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;

/** Lists a file that a caller gives, or the files of such an archive. */
async function listGiven(given: File): Promise<Listed[]> {
  const path = given.webkitRelativePath || given.name, file = path;
  const start = async (bytes: number) => new Uint8Array(await given.slice(0, bytes).arrayBuffer());
  const opened = { file, size: given.size, start };
  if (!ARCHIVE.test(path)) {
    return [{ path, file, read: (bound) => readContent(opened, bound) }];
  }
  const members = await listArchive(await readBounded(opened, anySize));
  return members.map((member) => ({ ...member, path: `${path}/${member.path}` }));
}

/** The platform's files; throws a DataError in a browser. */
function filesFor(place: string): FileSystem {
  const files = findFiles();
  if (files) return files;
  throw new DataError(
    `${place}: expected a platform with files, found a browser; pass the files themselves`,
  );
}

/** Archives that are being read, since both splits of a data set request the same one at once. */
const reading = new Map<string, Promise<Listed[]>>();

/**
 * The files of a folder and its subfolders, up to three levels deep, upper levels first; or those of an
 * archive, `.tar`, `.tar.gz` or `.zip`; or given files and those of given archives. None if nothing is
 * there, or another kind of file. Rejects with a DataError on a damaged archive, and on a path in a browser.
 */
export async function listFiles(place: Place): Promise<readonly Listed[]> {
  if (typeof place !== "string") {
    return (await Promise.all(Array.from(place, listGiven))).flat();
  }
  const platform = filesFor(place);
  const found = await platform.stat(place).catch((error) => {
    if (!isAbsent(error)) throw error;
  });
  if (!found?.isFile) return found ? await listFolder(place) : [];
  const again = reading.get(place);
  if (again) return await again;
  const files = readBounded(openFile(place, found.size), anySize).then(listArchive).finally(() =>
    reading.delete(place)
  );
  reading.set(place, files);
  return await files;
}

/** The name of a file, without the folders before it. */
export const fileName = ({ path }: Listed): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder of a file, with a trailing slash; empty at the top. */
export const parentFolder = ({ path }: Listed): string => path.slice(0, path.lastIndexOf("/") + 1);
