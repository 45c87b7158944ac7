/**
 * Lists the files of a folder and its subfolders, or of an archive.
 *
 * @module
 */
import { fileErrorCode, type FileSystem } from "../../platform/file_system.ts";
import { findFiles, platformFiles } from "../../platform/files.ts";
import { DataError, type NamedBytes } from "./data_file.ts";
import { isTar, readTar } from "./tar.ts";
import { decompress } from "./decompress.ts";
import type { Place } from "./place.ts";
import { isZip, readZip } from "./zip.ts";

/** A listed file, read on demand. */
export interface Listed {
  /** Its path relative to the folder or archive, with forward slashes. */
  readonly path: string;
  /** Its path as errors show it. */
  readonly file: string;
  /** Its content, decompressed. Rejects with a DataError if it is damaged. */
  read(): Promise<NamedBytes>;
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
          const read = async () =>
            await decompress({ file, bytes: await platformFiles().read(file) });
          files.push({ path, file, read });
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
      return { path, file, read: async () => await decompress({ file, bytes: await read() }) };
    });
  }
  const { bytes } = await decompress(source);
  if (!isTar(bytes)) return [];
  return [...readTar(bytes)].map(([path, bytes]) => {
    const file = `${place}/${path}`;
    return { path, file, read: () => decompress({ file, bytes }) };
  });
}

/** The names of archives among files that a caller gives. */
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;

/** Lists a file that a caller gives, or the files of such an archive. */
async function listGiven(given: File): Promise<Listed[]> {
  const path = given.webkitRelativePath || given.name, file = path;
  const source = async () => ({ file, bytes: new Uint8Array(await given.arrayBuffer()) });
  if (!ARCHIVE.test(path)) {
    return [{ path, file, read: async () => await decompress(await source()) }];
  }
  const members = await listArchive(await source());
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
  const source = platform.read(place).then((bytes) => ({ file: place, bytes }));
  const files = source.then(listArchive).finally(() => reading.delete(place));
  reading.set(place, files);
  return await files;
}

/** The name of a file, without the folders before it. */
export const fileName = ({ path }: Listed): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder of a file, with a trailing slash; empty at the top. */
export const parentFolder = ({ path }: Listed): string => path.slice(0, path.lastIndexOf("/") + 1);
