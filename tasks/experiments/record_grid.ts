/**
 * The observer that writes the files of results, `experiment.json` and `results.csv`, at the start of an
 * experiment and after each run.
 *
 * @module
 */
import { KnownFolder } from "../cli/folder_identity.ts";
import type { Observer } from "../run/events.ts";
import type { GridEvent } from "./events.ts";
import { writeRecord } from "./record.ts";
import { writeResults } from "./results_csv.ts";

/** Writes the files of results in a folder. */
export function recordGrid(folder: string): Observer<GridEvent> {
  const known = new KnownFolder(folder);
  return async (event) => {
    if (event.kind !== "start" && event.kind !== "cell end") return;
    await known.check();
    await writeRecord(folder, event.record);
    await writeResults(folder, event.record);
  };
}
