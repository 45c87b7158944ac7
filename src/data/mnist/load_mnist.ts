/**
 * The public loader of MNIST and of other data sets in its format.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import type { Place } from "../files/place.ts";
import { type IdxOptions, loadIdx } from "./load_idx.ts";

/**
 * Loads MNIST or a data set in its format (EMNIST, Fashion-MNIST, KMNIST, Kuzushiji-49, QMNIST, or your
 * own) from its four IDX files, plain or gzipped, under their usual names. They may be in `folder`, up to
 * three folders below it, or in an archive (`.tar`, `.tar.gz`, `.zip`) that `folder` names; a page
 * passes the files themselves, from `<input type="file" multiple>`. The names of
 * files and folders, or `set`, identify the data set and with it the class names; EMNIST's images, which
 * are stored column-major, are transposed. Other class names are read from a file `*mapping.txt` in
 * EMNIST's format, or `classes.txt` with one name per line.
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
export async function loadMnist(folder: Place, options: IdxOptions): Promise<Dataset> {
  return (await loadIdx(folder, options)).dataset;
}
