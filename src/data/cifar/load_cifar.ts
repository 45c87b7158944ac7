/**
 * The loaders of CIFAR-10 and CIFAR-100.
 *
 * @module
 */
import type { Dataset, Split } from "../dataset.ts";
import { CIFAR10 } from "../catalogue/cifar10.ts";
import { CIFAR100, COARSE_NAMES } from "../catalogue/cifar100.ts";
import type { CifarSet } from "../catalogue/record.ts";
import type { Place } from "../files/place.ts";
import { CIFAR_SIZE, parseCifar } from "../formats/cifar.ts";
import { readCifarFiles } from "./cifar_files.ts";

/** Loads a split of a data set in CIFAR's format, as the public loaders below do. */
export async function loadCifar(
  { title, files, layout, classNames }: Pick<CifarSet, "title" | "files" | "layout" | "classNames">,
  folder: Place,
  split: Split,
): Promise<Dataset> {
  const { images, labels, count } = parseCifar(
    await readCifarFiles(folder, files[split], layout.labelBytes),
    layout,
  );
  const size = { height: CIFAR_SIZE, width: CIFAR_SIZE, channels: 3 };
  const { classes } = layout;
  return { name: `${title} ${split}`, images, labels, count, ...size, classes, classNames };
}

/** CIFAR-100 with its coarse labels. */
const COARSE = {
  title: `${CIFAR100.title} coarse`,
  files: CIFAR100.files,
  classNames: COARSE_NAMES,
  layout: { ...CIFAR100.layout, labelAt: 0, classes: 20 },
};

/**
 * Loads CIFAR-10 from its official binary files (`data_batch_1.bin` to `data_batch_5.bin`, or
 * `test_batch.bin`) in `folder`, up to three folders below it (as in `cifar-10-batches-bin`), or in an
 * archive (`cifar-10-binary.tar.gz`) that `folder` names; or given as files, in a page. Each file may hold any number of whole records.
 * The files of the Python version (`data_batch_1`, …) are read too. Images are [count, 32, 32, 3], with 10
 * classes. Rejects with a {@linkcode DataError} that names the file on a missing or malformed one.
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
export function loadCifar10(folder: Place, options: { split: Split }): Promise<Dataset> {
  return loadCifar(CIFAR10, folder, options.split);
}

/**
 * Loads CIFAR-100 from its official binary file (`train.bin` or `test.bin`) in `folder`, up to three
 * folders below it (as in `cifar-100-binary`), or in an archive (`cifar-100-binary.tar.gz`) that `folder`
 * names; or given as a file, in a page. The file may hold any number of whole records. The files of the Python version (`train`, `test`)
 * are read too. Images are [count, 32, 32, 3]; labels are the 100 fine classes, or the 20 coarse ones.
 * Rejects with a {@linkcode DataError} that names the file on a missing or malformed one.
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
  folder: Place,
  options: { split: Split; labels?: "fine" | "coarse" },
): Promise<Dataset> {
  return loadCifar(options.labels === "coarse" ? COARSE : CIFAR100, folder, options.split);
}
