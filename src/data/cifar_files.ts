/**
 * The files of CIFAR-10 and CIFAR-100 among those of a folder or an archive.
 *
 * @module
 */
import { DataError, type NamedBytes } from "./files.ts";
import { foundInstead } from "./instead.ts";
import { filesIn, folderOf, type Listed, nameOf } from "./listing.ts";

/** What the folders of the versions that are not read are called, and what to get instead. */
const OTHERS: readonly (readonly [folder: RegExp, version: string])[] = [
  [/cifar-100?-(batches-py|python)/i, "the Python version"],
  [/cifar-100?-(batches-mat|matlab)/i, "the Matlab version"],
];

const HOME = "https://www.cs.toronto.edu/~kriz/";

/** Says which version there is instead of the binary one. */
function otherVersion(place: string, files: readonly Listed[]): string | undefined {
  const paths = [place, ...files.map(({ path }) => path)];
  const [, version] = OTHERS.find(([folder]) => paths.some((path) => folder.test(path))) ?? [];
  const set = paths.some((path) => /cifar-100-/i.test(path)) ? "cifar-100" : "cifar-10";
  return version && `${version}; get the binary version, ${HOME}${set}-binary.tar.gz`;
}

/** The bare name of a file, without capitals and without `.gz`. */
const bareName = (file: Listed): string => nameOf(file).toLowerCase().replace(/\.gz$/, "");

/**
 * Reads files of these names, which must all lie in one folder: the place, one below it, or one of an
 * archive. Rejects with a {@linkcode DataError} that names the first that is missing.
 */
export async function cifarFiles(place: string, names: readonly string[]): Promise<NamedBytes[]> {
  const files = await filesIn(place);
  const fits = files.filter((file) => names.includes(bareName(file)));
  const folders = [...new Set(fits.map(folderOf))];
  const inside = (folder: string, name: string) =>
    fits.find((file) => folderOf(file) === folder && bareName(file) === name);
  const folder = folders.find((each) => names.every((name) => inside(each, name))) ?? folders[0] ??
    "";
  return await Promise.all(names.map((name) => {
    const found = inside(folder, name);
    if (found) return found.read();
    const other = fits.length === 0 ? otherVersion(place, files) ?? foundInstead(files) : "none";
    throw new DataError(`${place}/${folder}${name}: expected a file, found ${other}`);
  }));
}
