/**
 * The catalogue of data sets: all records, sorted.
 *
 * @module
 */
import type { DatasetRecord } from "./record.ts";
import * as sets from "./sets.ts";

/**
 * The rank of a record: the paper's sets first, then others, then user-supplied files, then procedural
 * images.
 */
function rank(record: DatasetRecord): number {
  if (record.format === "drawn") return 3;
  if (record.format === "own" || record.format === "pictures") return 2;
  return record.inPaper ? 0 : 1;
}

/**
 * All records, in the order in which options list them: by rank, then by name. The first one of a recipe is
 * its default.
 */
export const CATALOGUE = Object.values(sets).flat().sort((a, b) =>
  rank(a) - rank(b) || (a.name < b.name ? -1 : 1)
);

/** The name of a data set in options and manifests. */
export type DatasetName = (typeof CATALOGUE)[number]["name"];
