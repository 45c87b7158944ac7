/**
 * The option that names the folder of a data set.
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
