/**
 * The file of the study's results.
 *
 * @module
 */
import { fail } from "../../cli/option_table.ts";
import { show } from "../../schema/mismatch.ts";
import { readJson } from "../../schema/read_json.ts";
import { list, measured, object, text } from "../../schema/schema.ts";

/** A trained net. */
export interface StudyCell {
  readonly variant: string;
  readonly column: string;
  readonly accuracies: readonly number[];
}

/** What all nets of a file have in common. */
export type StudySettings = Readonly<Record<string, string | number>>;

/** A file of results, beside the settings that all of its nets have. */
const CELLS = object<{ readonly cells: readonly StudyCell[] }>({
  cells: list(object<StudyCell>({ variant: text, column: text, accuracies: list(measured) })),
});

/** What a file of results holds, and its settings and facts. */
export interface Study {
  readonly cells: readonly StudyCell[];
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The study in a file; undefined where there is no file. */
export async function readStudy(path: string): Promise<Study | undefined> {
  const found = await readJson(path, CELLS);
  return found && { cells: found.cells, fields: { ...found } };
}

/** The nets that a file holds; none without one. Throws an OptionError if it is of other settings. */
export async function readCells(
  path: string | undefined,
  settings: StudySettings,
): Promise<readonly StudyCell[]> {
  const found = path === undefined ? undefined : await readStudy(path);
  if (!found) return [];
  const { fields } = found;
  for (const [name, value] of Object.entries(settings)) {
    if (fields[name] !== value) {
      fail(`--out: ${path} has ${name} ${show(fields[name])}, expected ${value}`);
    }
  }
  return found.cells;
}
