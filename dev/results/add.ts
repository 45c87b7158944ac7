/**
 * Adding results to the records.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { readRecord, type StoredRecord } from "../../tasks/experiments/read_record.ts";
import { readRecorded } from "../../tasks/report/record/read.ts";
import { writeRecorded } from "../../tasks/report/record/write.ts";
import { readResults } from "../../tasks/report/read_results.ts";
import type { Cell, Results } from "../../tasks/report/results.ts";
import { readStudy } from "../../tasks/studies/blog/cells.ts";
import { withEndVariances } from "./end_variances.ts";
import { mergeRecords } from "./merge.ts";
import { recordFolder } from "./records.ts";
import { studyRecord, studyResults } from "./study.ts";

/** A name that can be that of a folder and stand in a mark of the page. */
const NAME = /^[a-z0-9][a-z0-9.-]*$/;

/** Results with the variances at the end of their runs. */
async function withVariances(results: Results, from: string, data: string): Promise<Results> {
  const { kind } = results, cells: Cell[] = [];
  for (const cell of results.cells) {
    const folder = kind === "run" ? from : `${from}/${cell.folder}`;
    cells.push(cell.run ? { ...cell, run: await withEndVariances(folder, cell.run, data) } : cell);
  }
  return { ...results, cells };
}

/** How results are recorded. */
export interface AddOptions {
  /** The folder of the images on which variances at the end are measured; not measured if left out. */
  readonly data?: string | undefined;
  /** Whether the runs of an experiment are added to its record, which is replaced otherwise. */
  readonly merge?: boolean;
}

/** Adds the runs of an experiment in a folder that its record lacks. */
async function mergeResults(
  folder: string,
  results: Results,
  experiment: StoredRecord | undefined,
): Promise<void> {
  const recorded = await readRecord(folder);
  if (!experiment || !recorded) {
    const place = experiment ? `a record of it in ${folder}` : "an experiment";
    throw new TaskError(`--merge: expected ${place}, found none`);
  }
  const kept = await readResults(folder), merged = mergeRecords(recorded, experiment);
  const has = new Set(recorded.cells.map(({ run }) => run));
  const named = new Set(merged.cells.map(({ run }) => run));
  const more = results.cells.filter((cell) => named.has(cell.folder) && !has.has(cell.folder));
  await writeRecorded(folder, { cells: [...kept.cells, ...more] }, merged);
}

/** Records the results in a folder, or in the file of `study:blog`, under a name. */
export async function addResults(
  from: string,
  name: string,
  { data, merge = false }: AddOptions = {},
): Promise<void> {
  if (!NAME.test(name)) {
    throw new TaskError(
      `--as: expected a name of small letters, digits, dots and hyphens, found ${name}`,
    );
  }
  const folder = recordFolder(name), found = await Deno.stat(from).catch(() => undefined);
  if (!found) {
    throw new TaskError(`expected a folder of results or a file of study:blog, found no ${from}`);
  }
  if (found.isFile) {
    const study = await readStudy(from);
    if (study) await writeRecorded(folder, studyResults(study), studyRecord(study));
    return;
  }
  const results = await readResults(from), experiment = await readRecord(from);
  if (merge) return await mergeResults(folder, results, experiment);
  const kept = await readRecorded(folder) ? await readResults(folder) : undefined;
  const whole = data === undefined ? results : await withVariances(results, from, data);
  await writeRecorded(folder, whole, experiment, kept);
}
