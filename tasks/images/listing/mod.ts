/**
 * The pictures of a user: in class folders, in folders of splits, or in a table.
 *
 * @module
 */
import { grouped } from "../../../src/counted.ts";
import { DataError } from "../../../src/data/mod.ts";
import { findClassFolders } from "./class_folders.ts";
import { type Listing, listPictures } from "./listing.ts";
import type { SplitOptions } from "./split.ts";
import type { TableColumns } from "./table.ts";
import { findInTable, listTableNumbers } from "./table_pictures.ts";

export { holdsPictures } from "./class_folders.ts";
export { type LabeledFile, LISTED_SPLITS, type ListedSplit, type Listing } from "./listing.ts";
export type { SplitOptions } from "./split.ts";
export type { TableColumns } from "./table.ts";

/** How pictures are listed. */
export interface ListingOptions {
  /** What is held out for testing where no split is given. */
  readonly held: SplitOptions;
  /** The columns of a table. */
  readonly columns?: TableColumns | undefined;
}

/** The most bytes of a table: millions of rows. */
const MOST_TABLE = 2 ** 28;

/** Names of files that are tables. */
const TABLE = /\.(csv|tsv|txt)$/i;

/** Whether a path names a table of pictures by its ending. */
export const isTable = (place: string): boolean => TABLE.test(place);

/**
 * Lists the pictures of a folder or a table. Throws a DataError where there is neither, where there are fewer
 * than two classes, and where something in a table is missing.
 */
export async function listPlace(
  place: string,
  { held, columns }: ListingOptions,
): Promise<Listing> {
  const found = await Deno.stat(place).catch(() => undefined);
  if (!found) {
    throw new DataError(
      `${place}: expected a folder of pictures, or a table (CSV) of them, found nothing there`,
    );
  }
  if (found.isDirectory) return listPictures(await findClassFolders(place), held);
  if (!isTable(place)) {
    throw new DataError(
      `${place}: expected a folder of pictures, or a table (.csv, .tsv), found a file`,
    );
  }
  if (!found.isFile || found.size > MOST_TABLE) {
    throw new DataError(
      `${place}: expected a table (CSV) of at most ${grouped(MOST_TABLE)} bytes, found ${
        found.isFile ? grouped(found.size) : "no file"
      }`,
    );
  }
  const text = await Deno.readTextFile(place);
  return columns?.numbers
    ? await listTableNumbers(place, text, { ...columns, numbers: columns.numbers }, held)
    : listPictures(await findInTable(place, text, columns ?? {}), held);
}
