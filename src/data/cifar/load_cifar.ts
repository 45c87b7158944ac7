/**
 * The loaders of CIFAR-10 and CIFAR-100.
 *
 * @module
 */
import type { Dataset, Split } from "../dataset.ts";
import { CIFAR_SIZE, type CifarLayout, parseCifar } from "../formats/cifar.ts";
import { cifarFiles } from "./cifar_files.ts";

async function loadCifar(
  name: string,
  folder: string,
  files: readonly string[],
  layout: CifarLayout,
): Promise<Dataset> {
  const { images, labels, count } = parseCifar(
    await cifarFiles(folder, files, layout.labelBytes),
    layout,
  );
  const size = { height: CIFAR_SIZE, width: CIFAR_SIZE, channels: 3 };
  return { name, images, labels, count, ...size, classes: layout.classes };
}

/**
 * Loads CIFAR-10 from its official binary files (`data_batch_1.bin` to `data_batch_5.bin`, or
 * `test_batch.bin`) in `folder`, up to three folders below it (as in `cifar-10-batches-bin`), or in an
 * archive (`cifar-10-binary.tar.gz`) that it names; each file may hold any number of whole records. The
 * files of the Python version (`data_batch_1`, …) do as well.
 * Images are [count, 32, 32, 3], with 10 classes. Rejects with a {@linkcode DataError} that names the
 * file on a missing or malformed one.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const folder = Deno.env.get("GOODINIT_DATA") ?? "data";
 * try {
 *   const { count, height, width, channels } = await data.loadCifar10(folder, { split: "test" });
 *   console.log(`${count} images of ${height} × ${width} × ${channels}`);
 * } catch (error) {
 *   if (!(error instanceof data.DataError)) throw error;
 *   console.log(error.message); // Which file was expected, and where.
 * }
 * ```
 */
export function loadCifar10(folder: string, options: { split: Split }): Promise<Dataset> {
  const files = options.split === "train"
    ? [1, 2, 3, 4, 5].map((part) => `data_batch_${part}.bin`)
    : ["test_batch.bin"];
  const layout = { labelBytes: 1, labelAt: 0, classes: 10 };
  return loadCifar(`CIFAR-10 ${options.split}`, folder, files, layout);
}

/**
 * Loads CIFAR-100 from its official binary file (`train.bin` or `test.bin`) in `folder`, up to three
 * folders below it (as in `cifar-100-binary`), or in an archive (`cifar-100-binary.tar.gz`) that it
 * names; the file may hold any number of whole records. The files of the Python version (`train`, `test`)
 * do as well. Images are [count, 32, 32, 3]; labels are the
 * 100 fine classes, or the 20 coarse ones. Rejects with a {@linkcode DataError} that names the file on a
 * missing or malformed one.
 *
 * @example
 * ```ts
 * import { data } from "@goodinit/goodinit";
 *
 * const folder = Deno.env.get("GOODINIT_DATA") ?? "data";
 * try {
 *   const { count, height, width, channels } = await data.loadCifar100(folder, { split: "test" });
 *   console.log(`${count} images of ${height} × ${width} × ${channels}`);
 * } catch (error) {
 *   if (!(error instanceof data.DataError)) throw error;
 *   console.log(error.message); // Which file was expected, and where.
 * }
 * ```
 */
export function loadCifar100(
  folder: string,
  options: { split: Split; labels?: "fine" | "coarse" },
): Promise<Dataset> {
  const coarse = options.labels === "coarse";
  const layout = { labelBytes: 2, labelAt: coarse ? 0 : 1, classes: coarse ? 20 : 100 };
  const name = `CIFAR-100 ${coarse ? "coarse " : ""}${options.split}`;
  return loadCifar(name, folder, [`${options.split}.bin`], layout);
}
