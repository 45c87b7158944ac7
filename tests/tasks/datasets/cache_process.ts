/**
 * Makes sure of a data set as a process of its own; the argument is JSON of what and how.
 *
 * @module
 */
import { ensureCached } from "../../../tasks/datasets/cache.ts";
import { reportDownloads } from "../../../tasks/datasets/download_progress.ts";

if (import.meta.main) {
  const { download, ...options } = JSON.parse(Deno.args[0]!);
  const reporter = reportDownloads({ quiet: false, terminal: false });
  console.log(await ensureCached(download, { ...options, reporter }));
}
