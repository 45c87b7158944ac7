/**
 * Tables of a run's folder as comma-separated values, written and read by one description of their
 * columns.
 *
 * @module
 */
import { parse, stringify } from "@std/csv";
import { TaskError } from "../cli/command.ts";
import { readText } from "./read_file.ts";

/** The kind of a column whose values have this type. */
type Kind<V> = V extends number ? "number" : V extends boolean ? "boolean" : "text";

/** A table: its file, and its columns in their order. A column whose values may be missing may be empty. */
export interface CsvTable<Row extends object> {
  readonly file: string;
  readonly columns: { readonly [C in keyof Row]-?: Kind<NonNullable<Row[C]>> };
  /** Columns that a file only has if a row has a value in them. */
  readonly optional?: readonly string[];
}

/** The last column of every table: the run's data set. */
const DATA = "data";

/** Rows as the text of a table's file. */
export function csvText<Row extends object>(
  { columns, optional = [] }: CsvTable<Row>,
  rows: readonly Row[],
  dataset: string,
): string {
  const marked = rows.map((row) => ({ ...row, [DATA]: dataset }));
  const used = Object.keys(columns).filter((name) =>
    !optional.includes(name) ||
    rows.some((row) => row[name as keyof Row] !== undefined)
  );
  return stringify(marked, { columns: [...used, DATA] });
}

const PARSE = {
  number: (text: string) => text === "" ? NaN : Number(text),
  boolean: (text: string) => text === "true",
  text: (text: string) => text,
} as const;

/** The rows of a table's file in a folder; undefined if there is none. Throws a {@linkcode TaskError} on another table. */
export async function readCsv<Row extends object>(
  { file, columns, optional = [] }: CsvTable<Row>,
  folder: string,
): Promise<readonly Row[] | undefined> {
  const path = `${folder}/${file}`, text = await readText(path);
  if (text === undefined) return undefined;
  let rows: readonly Readonly<Record<string, string>>[];
  try {
    rows = parse(text, { skipFirstRow: true });
  } catch (cause) {
    const why = (cause as Error).message;
    throw new TaskError(`${path}: expected comma-separated values; ${why}`, { cause });
  }
  const kinds = Object.entries<keyof typeof PARSE>(columns), names = Object.keys(columns);
  const absent = rows.length > 0 ? names.filter((name) => !(name in rows[0]!)) : [];
  const lost = absent.filter((name) => !optional.includes(name));
  if (lost.length > 0) {
    throw new TaskError(
      `${path}: expected the columns ${names.join(", ")}; ${lost.join(", ")} not found`,
    );
  }
  return rows.map((row) =>
    Object.fromEntries(
      kinds.filter(([name]) => !absent.includes(name))
        .map(([name, kind]) => [name, PARSE[kind](row[name]!)]),
    ) as Row
  );
}
