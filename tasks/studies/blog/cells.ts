/**
 * The file of the study's results.
 *
 * @module
 */
import { fail } from "../../cli/option_table.ts";
import { readJson } from "../../run/read_file.ts";

/** A trained net. */
export interface StudyCell {
  readonly variant: string;
  readonly column: string;
  readonly accuracies: readonly number[];
}

/** What all nets of a file have in common. */
export type StudySettings = Readonly<Record<string, string | number>>;

const isCell = (value: unknown): value is StudyCell => {
  const { variant, column, accuracies } = (value ?? {}) as Partial<StudyCell>;
  return typeof variant === "string" && typeof column === "string" && Array.isArray(accuracies) &&
    accuracies.every((accuracy) => typeof accuracy === "number");
};

/** The nets that a file holds; none without one. Throws an OptionError if it is of other settings. */
export async function readCells(
  path: string | undefined,
  settings: StudySettings,
): Promise<readonly StudyCell[]> {
  const found = path === undefined ? undefined : await readJson(path);
  if (!found) return [];
  for (const [name, value] of Object.entries(settings)) {
    if (found[name] !== value) {
      fail(`--out: ${path} has ${name} ${JSON.stringify(found[name])}, expected ${value}`);
    }
  }
  const { cells } = found;
  return Array.isArray(cells) && cells.every(isCell)
    ? cells
    : fail(`--out: expected ${path} to hold nets of this study, found others`);
}
