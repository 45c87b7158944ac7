/**
 * Lists the files of a folder and its subfolders, or of an archive.
 *
 * @module
 */
import { fileErrorCode } from "../../platform/file_system.ts";
import { platformFiles } from "../../platform/files.ts";
import type { NamedBytes } from "./data_file.ts";
import { isTar, readTar } from "./tar.ts";
import { decompress } from "./decompress.ts";
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

async function listArchive(place: string): Promise<Listed[]> {
  const source = { file: place, bytes: await platformFiles().read(place) };
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

/** Archives that are being read, since both splits of a data set request the same one at once. */
const reading = new Map<string, Promise<Listed[]>>();

/**
 * The files of a folder and its subfolders, up to three levels deep, upper levels first; or those of an
 * archive, `.tar`, `.tar.gz` or `.zip`. None if nothing is there, or another kind of file. Rejects with a
 * DataError on a damaged archive.
 */
export async function listFiles(place: string): Promise<readonly Listed[]> {
  const found = await platformFiles().stat(place).catch((error) => {
    if (!isAbsent(error)) throw error;
  });
  if (!found?.isFile) return found ? await listFolder(place) : [];
  const again = reading.get(place);
  if (again) return await again;
  const files = listArchive(place).finally(() => reading.delete(place));
  reading.set(place, files);
  return await files;
}

/** The name of a file, without the folders before it. */
export const fileName = ({ path }: Listed): string => path.slice(path.lastIndexOf("/") + 1);

/** The folder of a file, with a trailing slash; empty at the top. */
export const parentFolder = ({ path }: Listed): string => path.slice(0, path.lastIndexOf("/") + 1);
