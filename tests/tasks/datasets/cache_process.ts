/**
 * Makes sure of a data set as a process of its own; the argument is JSON of what and how.
 *
 * @module
 */
import { ensure } from "../../../tasks/datasets/cache.ts";
import { tellTo } from "../../../tasks/datasets/download_progress.ts";

if (import.meta.main) {
  const { download, ...options } = JSON.parse(Deno.args[0]!);
  const tell = tellTo({ quiet: false, terminal: false });
  console.log(await ensure(download, { ...options, tell }));
}
