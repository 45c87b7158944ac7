/**
 * The catalogue of data sets: all records in one order.
 *
 * @module
 */
import type { DatasetRecord } from "./record.ts";
import * as sets from "./sets.ts";

/** Where a record stands: the paper's sets first, then others, files of one's own, and drawn images. */
function rank(record: DatasetRecord): number {
  if (record.format === "drawn") return 3;
  if (record.format === "own") return 2;
  return record.inPaper ? 0 : 1;
}

/**
 * All records, in the order in which options list them, by name where they rank alike. The first that a
 * recipe trains is its default.
 */
export const CATALOGUE = Object.values(sets).flat().sort((a, b) =>
  rank(a) - rank(b) || (a.name < b.name ? -1 : 1)
);

/** The name of a data set, as options and manifests say it. */
export type DatasetName = (typeof CATALOGUE)[number]["name"];
