/**
 * The addresses of an archive: its own, or those that GOODINIT_MIRRORS names.
 *
 * @module
 */
import type { Archive } from "./registry.ts";
import { OptionError } from "../cli/option_table.ts";

const PROTOCOLS = ["http:", "https:", "file:"];

function folderAddress(text: string): string {
  const address = URL.parse(text.endsWith("/") ? text : `${text}/`);
  if (address && PROTOCOLS.includes(address.protocol)) return address.href;
  throw new OptionError(
    "GOODINIT_MIRRORS: expected addresses of folders such as https://host/data/, separated by " +
      `commas, or none, found ${text}`,
  );
}

/**
 * The addresses of an archive: its own, or where `mirrors` names folders, separated by commas, the file
 * of its name in each; where other data sets have files of that name, first in the data set's subfolder.
 * None where `mirrors` is `none`. Throws an {@linkcode OptionError} on an invalid address.
 */
export function mirrorUrls(
  { file, urls, mirrorPath = file }: Archive,
  mirrors?: string,
): readonly string[] {
  const folders = mirrors?.split(",").map((text) => text.trim()).filter(Boolean) ?? [];
  if (folders.length === 0) return urls;
  if (folders.length === 1 && folders[0] === "none") return [];
  const paths = new Set([mirrorPath, file]);
  return folders.map(folderAddress).flatMap((folder) => [...paths].map((path) => folder + path));
}
