/**
 * Part of an experiment's grid: the rows and columns that a command line names.
 *
 * @module
 */
import { fail } from "../cli/option_table.ts";
import type { PlannedCell } from "./cells.ts";
import type { Description, Variant } from "./description.ts";

/** The rows and columns that are asked for, as on the command line; all if left out. */
export interface Selection {
  readonly rows?: string | undefined;
  readonly columns?: string | undefined;
}

/** Rows or columns by their names, in whatever case; throws an OptionError for a name that none has. */
function byName(
  option: keyof Selection,
  all: readonly Variant[],
  text: string | undefined,
): readonly Variant[] {
  if (text === undefined) return all;
  const plain = (name: string) => name.trim().toLowerCase();
  const names = text.split(";").map(plain).filter((name) => name !== "");
  const unknown = names.find((name) => !all.some((each) => plain(each.name) === name));
  if (unknown !== undefined || names.length === 0) {
    const choices = all.map(({ name }) => name).join("; ");
    fail(`--${option}: expected names of: ${choices}; found ${unknown ?? "none"}`);
  }
  return all.filter(({ name }) => names.includes(plain(name)));
}

/** A description with only the rows and columns that are asked for, and the rows that those depend on. */
export function selectPart(description: Description, selection: Selection): Description {
  const rows = byName("rows", description.rows, selection.rows);
  const needed = new Set(rows.flatMap(({ name, teacher = name, retests = name }) => [
    name,
    teacher,
    retests,
  ]));
  return {
    ...description,
    rows: description.rows.filter(({ name }) => needed.has(name)),
    columns: byName("columns", description.columns, selection.columns),
  };
}

/** A description with only the rows and columns that planned runs have. */
export function withCells(description: Description, cells: readonly PlannedCell[]): Description {
  const rows = new Set(cells.map(({ row }) => row)),
    columns = new Set(cells.map(({ column }) => column));
  return {
    ...description,
    rows: description.rows.filter(({ name }) => rows.has(name)),
    columns: description.columns.filter(({ name }) => columns.has(name)),
  };
}
