/**
 * What lies where a data set's files should be, and cannot be read.
 *
 * @module
 */
import { type Listed, nameOf } from "./listing.ts";

/** Files of other forms by their names: what they are, and what helps. */
const FORMS: readonly (readonly [name: RegExp, form: string])[] = [
  [/\.(zip|tar|tgz|tar\.\w+)$/i, "an archive; name it, or unpack it"],
  [/\.np[yz]$/i, "NumPy arrays under other names than train-images.npy, train-labels.npy, …"],
  [/\.mat$/i, "Matlab's arrays, which are not read; get the binary files"],
  [/\.parquet$/i, "a Parquet table, which is not read; get the binary files"],
  [/\.csv$/i, "a table of texts, which is not read; get the binary files"],
  [/\.(pt|pkl|pickle)$/i, "a Python pickle, which is not read; get the binary files"],
];

/** The first file of a form that is not read, and what to do; `none` if there is none. */
export function foundInstead(files: readonly Listed[]): string {
  for (const [name, form] of FORMS) {
    const found = files.find((file) => name.test(nameOf(file)));
    if (found) return `${found.file}: ${form}`;
  }
  return "none";
}
