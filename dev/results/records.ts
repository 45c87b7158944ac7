/**
 * The records that the page of results is filled from, in docs/reports.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import type { PaperNumbers } from "../../tasks/experiments/description.ts";
import { readRecorded } from "../../tasks/report/record/read.ts";
import { readResults } from "../../tasks/report/read_results.ts";
import type { Results } from "../../tasks/report/results.ts";
import { PUBLISHED, type Published } from "./published.ts";

/** The project's folder. */
export const ROOT = new URL("../../", import.meta.url).pathname;

/** Where records are, relative to the project's folder. */
export const REPORTS = "docs/reports";

/** The folder of a record. */
export const recordFolder = (name: string): string => `${ROOT}${REPORTS}/${name}`;

/** Results with the names and published numbers of their rows. */
function withPublished(results: Results, { title, measure, rows }: Published): Results {
  const nameOf = (row: string) => rows[row]?.name ?? row, [column = ""] = results.columns;
  const known = Object.values(rows).filter(({ number }) => number !== undefined);
  const order = Object.values(rows).map(({ name }) => name);
  const found = results.rows.map(nameOf);
  const paper: PaperNumbers = Object.fromEntries(
    known.map(({ name, number }) => [name, { [column]: number! }]),
  );
  return {
    ...results,
    title,
    measure,
    rows: [
      ...order.filter((name) => found.includes(name)),
      ...found.filter((name) => !order.includes(name)),
    ],
    ...(known.length > 0 && { paper }),
    cells: results.cells.map((cell) => ({ ...cell, row: nameOf(cell.row) })),
  };
}

/** Whether there is a record of a name. */
export const isNamed = async (name: string): Promise<boolean> =>
  await readRecorded(recordFolder(name)) !== undefined;

/** Reads a record by its name. Throws a {@linkcode TaskError} if there is none. */
export async function readNamed(name: string): Promise<Results> {
  if (!await isNamed(name)) {
    throw new TaskError(`expected a record in ${REPORTS}/${name}, found none`);
  }
  const results = await readResults(recordFolder(name)), published = PUBLISHED[name];
  return published ? withPublished(results, published) : results;
}
