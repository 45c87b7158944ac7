/**
 * The loader of MNIST and of data sets of its form.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { type IdxOptions, loadIdx } from "./load_idx.ts";

/**
 * Loads MNIST or a data set of its form (EMNIST, Fashion-MNIST, KMNIST, Kuzushiji-49, QMNIST, one's
 * own) from its four IDX files, plain or gzipped, under their usual names. They may be in `folder`, up
 * to three folders below it, or in an archive (`.tar`, `.tar.gz`, `.zip`) that it names. Which set it is,
 * is told by the names of files and folders, or by `set`; it decides the names of the classes, and
 * EMNIST's images, which are stored column-major, are transposed. A file `*mapping.txt`, as EMNIST
 * has it, or `classes.txt`, a name on each line, says what other classes there are.
 *
 * Images are [count, 28, 28, 1] (or of the files' own size), with 10 classes (or as many as the set has).
 * Rejects with a {@linkcode DataError} that names the file on a missing or malformed one.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const folder = Deno.env.get("GOODINIT_DATA") ?? "data";
 * try {
 *   const { count, height, width, channels } = await data.loadMnist(folder, { split: "test" });
 *   console.log(`${count} images of ${height} × ${width} × ${channels}`);
 * } catch (error) {
 *   if (!(error instanceof data.DataError)) throw error;
 *   console.log(error.message); // Which file was expected, and where.
 * }
 * ```
 */
export async function loadMnist(folder: string, options: IdxOptions): Promise<Dataset> {
  return (await loadIdx(folder, options)).dataset;
}
