/**
 * Finds files of unsupported formats, for error messages.
 *
 * @module
 */
import { fileName, type Listed } from "./listing.ts";

/** Unsupported formats by file name: what they are, and what to do. */
const FORMATS: readonly (readonly [name: RegExp, format: string])[] = [
  [/\.(zip|tar|tgz|tar\.\w+)$/i, "an archive; name it, or unpack it"],
  [/\.np[yz]$/i, "NumPy arrays under other names than train-images.npy, train-labels.npy, …"],
  [/\.mat$/i, "Matlab's arrays, which are not read; get the binary files"],
  [/\.parquet$/i, "a Parquet table, which is not read; get the binary files"],
  [/\.csv$/i, "a table of texts, which is not read; get the binary files"],
  [/\.(pt|pkl|pickle)$/i, "a Python pickle, which is not read; get the binary files"],
];

/** The first file of an unsupported format, and what to do; `none` if there is none. */
export function findUnsupported(files: readonly Listed[]): string {
  for (const [name, format] of FORMATS) {
    const found = files.find((file) => name.test(fileName(file)));
    if (found) return `${found.file}: ${format}`;
  }
  return "none";
}
