/**
 * Adding results to the records.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { readRecord } from "../../tasks/experiments/read_record.ts";
import { readRecorded } from "../../tasks/report/record/read.ts";
import { writeRecorded } from "../../tasks/report/record/write.ts";
import { readResults } from "../../tasks/report/read_results.ts";
import type { Cell, Results } from "../../tasks/report/results.ts";
import { readStudy } from "../../tasks/studies/blog/cells.ts";
import { withEndVariances } from "./end_variances.ts";
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

/**
 * Records the results in a folder, or in the file of `study:blog`, under a name.
 *
 * @param data The folder of the images on which variances at the end are measured; not measured if left out.
 */
export async function addResults(
  from: string,
  name: string,
  data: string | undefined,
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
  const kept = await readRecorded(folder) ? await readResults(folder) : undefined;
  const whole = data === undefined ? results : await withVariances(results, from, data);
  await writeRecorded(folder, whole, experiment, kept);
}
