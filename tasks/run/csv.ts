/**
 * Tables of a run's folder as comma-separated values, written and read by one description of their
 * columns.
 *
 * @module
 */
import { parse, stringify } from "@std/csv";
import { TaskError } from "../cli/command.ts";
import { isMeasured } from "../cli/range.ts";
import { show } from "../schema/mismatch.ts";
import { type ReadText, readText } from "../schema/read_file.ts";

/** The kind of a column whose values have this type. */
type Kind<V> = V extends number ? "number" | "count" : V extends boolean ? "boolean" : "text";

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

/** How the values of a kind are read, and what they are in words. */
interface Reader {
  readonly read: (text: string) => unknown;
  readonly expected: string;
}

/** Numbers as JavaScript writes them. */
const NUMBER = /^-?(\d+(\.\d+)?(e[+-]?\d+)?|Infinity)$|^NaN$/;

/** A number that may be measured, which fits a 32-bit float or is not finite; else undefined. */
const measuredFrom = (value: number): number | undefined => isMeasured(value) ? value : undefined;

const READERS: Readonly<Record<"number" | "count" | "boolean" | "text", Reader>> = {
  number: {
    read: (text) => text === "" ? NaN : NUMBER.test(text) ? measuredFrom(Number(text)) : undefined,
    expected: "a number",
  },
  count: {
    read: (text) =>
      /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined,
    expected: "an integer of at least 0",
  },
  boolean: {
    read: (text) => text === "true" ? true : text === "false" ? false : undefined,
    expected: "true or false",
  },
  text: { read: (text) => text, expected: "a text" },
};

/** The texts of a line by column. */
export type Cells = Readonly<Record<string, string>>;

/** The lines of a file as texts by column. Throws a {@linkcode TaskError} on another text. */
export function parseLines(path: string, text: string): readonly Cells[] {
  if (text.trim() === "") {
    throw new TaskError(`${path}: expected a table, found an empty file`);
  }
  if (!text.endsWith("\n")) {
    throw new TaskError(`${path}: expected whole lines, found the last one cut off`);
  }
  try {
    return parse(text, { skipFirstRow: true });
  } catch (cause) {
    const [why] = (cause as Error).message.split("\n");
    throw new TaskError(`${path}: expected comma-separated values; ${why}`, { cause });
  }
}

/** The rows of a table's file in a folder; undefined if there is none. Throws a {@linkcode TaskError} on another table. */
export async function readCsv<Row extends object>(
  { file, columns, optional = [] }: CsvTable<Row>,
  folder: string,
  read: ReadText = readText,
): Promise<readonly Row[] | undefined> {
  const path = `${folder}/${file}`, text = await read(path);
  if (text === undefined) return undefined;
  const lines = parseLines(path, text), names = Object.keys(columns);
  const absent = lines.length > 0 ? names.filter((name) => !Object.hasOwn(lines[0]!, name)) : [];
  const lost = absent.filter((name) => !optional.includes(name));
  if (lost.length > 0) {
    throw new TaskError(
      `${path}: expected the columns ${names.join(", ")}; ${lost.join(", ")} not found`,
    );
  }
  const kinds = Object.entries<keyof typeof READERS>(columns)
    .filter(([name]) => !absent.includes(name));
  const cell = (line: Cells, row: number, name: string, kind: keyof typeof READERS) => {
    const { read, expected } = READERS[kind], value = read(line[name]!);
    if (value !== undefined) return [name, value] as const;
    throw new TaskError(
      `${path}: row ${row + 1}, ${name}: expected ${expected}, found ${show(line[name])}`,
    );
  };
  return lines.map((line, row) =>
    Object.fromEntries(kinds.map(([name, kind]) => cell(line, row, name, kind))) as Row
  );
}
