/**
 * Reads a folder of results of any kind: one run, several, or an experiment.
 *
 * @module
 */
import { findPath } from "../cli/find_path.ts";
import { baseName } from "../cli/base_name.ts";
import { TaskError } from "../cli/command.ts";
import { readRecord } from "../experiments/read_record.ts";
import { RUN_FILES } from "../run/files.ts";
import { readRun } from "../run/read_run.ts";
import { experimentResults } from "./experiment_results.ts";
import { readRecorded, type Recorded } from "./record/read.ts";
import { readConfusion } from "./read_confusion.ts";
import type { Results } from "./results.ts";
import { runResults } from "./run_results.ts";

const isThere = async (path: string): Promise<boolean> =>
  await Deno.stat(path).then(() => true, () => false);

const holdsRun = async (folder: string): Promise<boolean> =>
  await isThere(`${folder}/${RUN_FILES.manifest}`) ||
  await isThere(`${folder}/${RUN_FILES.epochs}`);

async function foldersIn(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(path)) if (!isFile) names.push(name);
  return names.sort();
}

/** The results of a record of runs that belong to no experiment. */
async function recordedRuns(path: string, { names, read }: Recorded): Promise<Results> {
  const runs = await Promise.all(names.map((name) => readRun(`${path}/${name}`, name, read)));
  return runs.length === 1 ? runResults(runs, "run") : runResults(runs, "runs", baseName(path));
}

/** Reads the results in `path`. Throws a {@linkcode TaskError} if there are none. */
export async function readResults(path: string): Promise<Results> {
  if (!(await findPath(path))?.isDirectory) {
    throw new TaskError(`expected a folder of results, found no folder ${path}`);
  }
  const record = await readRecord(path), recorded = await readRecorded(path);
  if (record) return await experimentResults(record, path, recorded);
  if (recorded) return await recordedRuns(path, recorded);
  if (await holdsRun(path)) {
    const results = runResults([await readRun(path, baseName(path))], "run");
    return { ...results, confusion: await readConfusion(path) };
  }
  const names = await foldersIn(path), found: string[] = [];
  for (const name of names) if (await holdsRun(`${path}/${name}`)) found.push(name);
  if (found.length === 0) {
    throw new TaskError(
      `expected experiment.json, a run's manifest.json or epochs.csv, or folders of runs, found none in ${path}`,
    );
  }
  const runs = await Promise.all(found.map((name) => readRun(`${path}/${name}`, name)));
  return runResults(runs, "runs", baseName(path));
}
