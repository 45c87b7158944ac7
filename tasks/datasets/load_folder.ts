/**
 * Loading a data set from a folder or an archive of its files.
 *
 * @module
 */
import { DataError, type Dataset, type Split } from "../../src/data/mod.ts";
import { loadCifar } from "../../src/data/cifar/load_cifar.ts";
import { loadIdx } from "../../src/data/mnist/load_idx.ts";
import type { FiledName, FiledRecord } from "./registry.ts";

/** A loaded split, and the data set that it belongs to. */
export interface Found {
  readonly name: FiledName;
  readonly dataset: Dataset;
}

/** Loads a split; with `orSameFormat` the files may be those of another data set of the same format. */
async function loadSplit(
  record: FiledRecord,
  folder: string,
  { split, orSameFormat }: { readonly split: Split; readonly orSameFormat: boolean },
): Promise<Found> {
  if (record.format === "pictures") throw new Error("expected files of images, found pictures");
  if (record.format === "cifar") {
    return { name: record.name, dataset: await loadCifar(record, folder, split) };
  }
  const set = orSameFormat ? undefined : record.name, found = await loadIdx(folder, { split, set });
  return { name: found.set, dataset: found.dataset };
}

/** What a folder holds, in a few words. */
async function describeContent(folder: string): Promise<string> {
  try {
    const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
    if (names.length === 0) return "is empty";
    const more = names.length > 4 ? ` and ${names.length - 4} more` : "";
    return `holds ${names.slice(0, 4).join(", ")}${more}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "does not exist";
    return error instanceof Deno.errors.NotADirectory ? "is a file" : "cannot be read";
  }
}

/**
 * Loads both splits; returns which data set they belong to. Throws a DataError on missing or damaged
 * files, which says what the folder holds and what it must hold.
 */
export async function loadFolder(
  record: FiledRecord,
  folder: string,
  orSameFormat: boolean,
): Promise<{ readonly name: FiledName; readonly train: Dataset; readonly test: Dataset }> {
  try {
    const [train, test] = await Promise.all([
      loadSplit(record, folder, { split: "train", orSameFormat }),
      loadSplit(record, folder, { split: "test", orSameFormat }),
    ]);
    return { name: train.name, train: train.dataset, test: test.dataset };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const downloaded = "download" in record && record.download;
    throw new DataError(
      `${error.message}; ${folder} ${await describeContent(
        folder,
      )}. --data or GOODINIT_DATA must ` +
        `name a folder with ${record.source}` +
        (downloaded ? "; without either it is downloaded" : ""),
      { cause: error },
    );
  }
}
