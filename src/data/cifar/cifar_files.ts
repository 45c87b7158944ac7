/**
 * Finds the files of CIFAR-10 and CIFAR-100 in a folder or an archive.
 *
 * @module
 */
import { anySize } from "../files/bound.ts";
import { parsePythonCifar } from "../formats/cifar_python.ts";
import { DataError, type NamedBytes } from "../files/data_file.ts";
import { type Place, placeName } from "../files/place.ts";
import { findUnsupported } from "../files/unsupported.ts";
import { fileName, type Listed, listFiles, parentFolder } from "../files/listing.ts";

const HOME = "https://www.cs.toronto.edu/~kriz/";

/** A hint to get the binary version, if the Matlab version is there. */
function findMatlab(place: string, files: readonly Listed[]): string | undefined {
  const found = [place, ...files.map(({ path }) => path)]
    .map((path) => /cifar-100?(?=-(batches-mat|matlab))/i.exec(path)?.[0]).find(Boolean);
  return found && `the Matlab version; get the binary version, ${HOME}${found}-binary.tar.gz`;
}

/** The base name of a file, in lower case and without `.gz`. */
const bareName = (file: Listed): string => fileName(file).toLowerCase().replace(/\.gz$/, "");

/** Whether a file has a name: that of the binary version, or of the Python version, which has no extension. */
const hasName = (name: string) => (file: Listed): boolean =>
  [name, name.replace(/\.bin$/, "")].includes(bareName(file));

/**
 * Reads files of these names, which must all be in one folder: `place` itself, a subfolder, or a folder of
 * an archive. Files of the Python version also do; they are converted to records with `labelBytes` label
 * bytes. Rejects with a {@linkcode DataError} that names the first that is missing.
 */
export async function readCifarFiles(
  from: Place,
  names: readonly string[],
  labelBytes: number,
): Promise<NamedBytes[]> {
  const files = await listFiles(from), place = placeName(from);
  const fits = files.filter((file) => names.some((name) => hasName(name)(file)));
  const folders = [...new Set(fits.map(parentFolder))];
  const inside = (folder: string, name: string) => {
    const all = fits.filter((file) => parentFolder(file) === folder && hasName(name)(file));
    return all.find((file) => bareName(file) === name) ?? all[0];
  };
  const whole = folders.filter((each) => names.every((name) => inside(each, name)));
  // A file called train may be anything, so CIFAR's own folders are preferred.
  const folder = whole.find((each) => /cifar/i.test(each)) ?? whole[0] ?? folders[0] ?? "";
  return await Promise.all(names.map(async (name) => {
    const found = inside(folder, name);
    if (found) return parsePythonCifar(await found.read(anySize), labelBytes);
    const instead = fits.length === 0 ? findMatlab(place, files) ?? findUnsupported(files) : "none";
    throw new DataError(`${place}/${folder}${name}: expected a file, found ${instead}`);
  }));
}
