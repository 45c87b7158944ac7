/**
 * User-supplied IDX files.
 *
 * @module
 */
import type { OwnSet } from "./record.ts";
import { fourFiles, idxFiles } from "./idx_set.ts";

/** Their record; classes and sizes are read from the files. */
export const OWN_IDX: OwnSet<"idx"> = {
  name: "idx",
  title: "IDX files",
  format: "own",
  recipes: ["mnist"],
  shape: { height: 28, width: 28, channels: 1 },
  source: `${fourFiles(idxFiles("", "t10k"))}, plain or gzipped`,
};
