/**
 * IDX files of one's own.
 *
 * @module
 */
import type { OwnSet } from "./record.ts";
import { fourFiles, idxFiles } from "./idx_set.ts";

/** The record of them: classes and sizes are what the files say. */
export const OWN_IDX: OwnSet<"idx"> = {
  name: "idx",
  title: "IDX files",
  format: "own",
  recipes: ["mnist"],
  shape: { height: 28, width: 28, channels: 1 },
  source: `${fourFiles(idxFiles("", "t10k"))}, plain or gzipped`,
};
