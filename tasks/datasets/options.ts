/**
 * The options that name the folder of a data set, or of pictures.
 *
 * @module
 */
import type { Option } from "../cli/option_table.ts";

/** The folder of a data set. */
export const DATA_FOLDER = {
  kind: "path",
  value: "DIR",
  help:
    "The folder of the data set's files, an archive of them (.tar.gz, .zip), a folder of pictures for each " +
    "class, or a table of pictures (.csv).",
  otherwise: "the environment variable GOODINIT_DATA; without either the data is downloaded",
} as const satisfies Option;

/** A folder of pictures. */
export const PICTURE_FOLDER = {
  kind: "path",
  value: "DIR",
  help:
    "A folder with a folder of pictures for each class, perhaps in folders train, val and test; or a table of " +
    "pictures (.csv, .tsv).",
  otherwise: "the environment variable GOODINIT_DATA",
} as const satisfies Option;
