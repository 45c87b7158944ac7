/**
 * Other mirrors than an archive's own.
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
 * The addresses of an archive: its own, or where `mirrors` names folders, separated by commas, the
 * file of its name in each, first in the data set's folder there where other sets have files of that
 * name; none where `mirrors` is `none`. Throws an {@linkcode OptionError} on a folder that is no address.
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
