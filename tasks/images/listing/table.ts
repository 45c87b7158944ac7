/**
 * Pictures that a table lists (CSV, or with tabs or semicolons): a column of paths, one of labels, and perhaps
 * one of splits.
 *
 * @module
 */
import { DataError } from "../../../src/data/mod.ts";
import { isPicture } from "./picture_files.ts";

/** Which columns of a table to use, by their names, or by their numbers, from 1, in a table without a header. */
export interface TableColumns {
  /** The paths of pictures, from the table's folder; found by its name or content if left out. */
  readonly path?: string | undefined;
  /** The classes; found by its name, or as the only other one, if left out. */
  readonly label?: string | undefined;
  /** The splits; the one named `split`, `set` or `subset`, if there is one, if left out. */
  readonly split?: string | undefined;
  /** Numbers that are to be predicted in place of a class. */
  readonly numbers?: readonly string[] | undefined;
}

/** A row of a table. */
export interface TableRow {
  readonly row: number;
  readonly path: string;
  /** The class; absent where the table has numbers. */
  readonly label?: string | undefined;
  readonly numbers?: readonly number[] | undefined;
  readonly split?: string | undefined;
}

/** Usual names of columns. */
const NAMES = {
  path: [
    "path",
    "file",
    "filename",
    "file_name",
    "filepath",
    "image",
    "image_path",
    "img",
    "picture",
    "photo",
  ],
  label: ["label", "labels", "class", "class_name", "category", "target", "species", "y"],
  split: ["split", "set", "subset", "partition"],
} as const;

const DELIMITERS = [",", ";", "\t"] as const;

const lower = (text: string) => text.trim().toLowerCase();

/** The delimiter that occurs most in the first line. */
function findDelimiter(text: string): string {
  const line = text.slice(0, text.search(/\r?\n|$/));
  const counts = DELIMITERS.map((each) => line.split(each).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/** Whether the first row has names of columns, rather than a picture. */
function isHeader([first = [], second = []]: readonly string[][], columns: TableColumns): boolean {
  const given = [columns.path, columns.label, columns.split, ...columns.numbers ?? []];
  const known: readonly string[] = [...NAMES.path, ...NAMES.label, ...NAMES.split];
  if (first.some((cell) => given.includes(cell.trim()) || known.includes(lower(cell)))) return true;
  return !first.some(isPicture) && second.some(isPicture);
}

/** A table's columns by name, and its rows. */
interface Cells {
  readonly file: string;
  readonly names: readonly string[];
  readonly rows: readonly string[][];
  /** The number of the first row in the file. */
  readonly first: number;
}

/** Throws a DataError on a row that is not as long as the first one, which `parse` does not compare after empty lines. */
function checkLengths(file: string, cells: readonly (readonly string[])[]): void {
  const columns = cells[0]!.length, at = cells.findIndex((row) => row.length !== columns);
  if (at < 0) return;
  throw new DataError(
    `${file}: row ${at + 1}: expected ${columns} values as in the first row, found ${
      cells[at]!.length
    }`,
  );
}

async function readCells(file: string, text: string, columns: TableColumns): Promise<Cells> {
  // Not for folders: a project that links a copy of this package then needs no registry.
  const { parse } = await import("@std/csv");
  let cells: string[][];
  try {
    cells = parse(text, { separator: findDelimiter(text), fieldsPerRecord: 0 });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : cause;
    throw new DataError(`${file}: expected a table (CSV) of pictures and labels, found ${what}`, {
      cause,
    });
  }
  if (cells.length === 0) {
    throw new DataError(`${file}: expected a table of pictures and labels, found an empty file`);
  }
  checkLengths(file, cells);
  const header = isHeader(cells, columns);
  const names = cells[0]!.map((name, i) => header ? name.trim() : `${i + 1}`);
  const rows = header ? cells.slice(1) : cells;
  if (rows.length === 0) {
    throw new DataError(
      `${file}: expected rows of pictures and labels, found only ${names.join(", ")}`,
    );
  }
  return { file, names, rows, first: header ? 2 : 1 };
}

function indexOf({ file, names }: Cells, name: string, option: string): number {
  const at = names.indexOf(name);
  if (at >= 0) return at;
  throw new DataError(
    `${file}: expected a column ${name}, as ${option} says, found ${names.join(", ")}`,
  );
}

/** The column of a usual name; undefined for none. */
function usual({ names }: Cells, kind: keyof typeof NAMES): number | undefined {
  const at = NAMES[kind].map((name) => names.findIndex((each) => lower(each) === name));
  return at.find((index) => index >= 0);
}

function missing({ file, names }: Cells, what: string, option: string): DataError {
  return new DataError(
    `${file}: expected a column of ${what}, found ${names.join(", ")}; ${option} names it`,
  );
}

function findColumns(cells: Cells, columns: TableColumns) {
  const { names, rows } = cells;
  const path = columns.path !== undefined
    ? indexOf(cells, columns.path, "--path-column")
    : usual(cells, "path") ?? names.findIndex((_, i) => isPicture(rows[0]![i]!));
  if (path < 0) throw missing(cells, "paths", "--path-column");
  const split = columns.split !== undefined
    ? indexOf(cells, columns.split, "--split-column")
    : usual(cells, "split");
  if (columns.numbers) {
    const numbers = columns.numbers.map((name) => indexOf(cells, name, "--target-columns"));
    return { path, split, numbers };
  }
  const others = names.map((_, i) => i).filter((i) => i !== path && i !== split);
  const label = columns.label !== undefined
    ? indexOf(cells, columns.label, "--label-column")
    : usual(cells, "label") ?? (others.length === 1 ? others[0] : undefined);
  if (label === undefined) throw missing(cells, "labels", "--label-column");
  return { path, split, label };
}

/** The value of a cell. Throws a DataError on an empty one. */
function valueAt(
  { file, names, first }: Cells,
  cells: readonly string[],
  row: number,
  column: number,
): string {
  const value = cells[column]!.trim();
  if (value !== "") return value;
  throw new DataError(
    `${file}: row ${first + row}: expected a value of ${names[column]}, found none`,
  );
}

function numberAt(cells: Cells, row: readonly string[], at: number, column: number): number {
  const text = valueAt(cells, row, at, column), value = Number(text);
  // They become 32-bit floats, in which a larger one is infinite.
  if (Number.isFinite(Math.fround(value))) return value;
  const found = Number.isFinite(value) ? `${text}, which no 32-bit float holds` : text;
  throw new DataError(
    `${cells.file}: row ${cells.first + at}: expected ${
      cells.names[column]
    } to be a number, found ${found}`,
  );
}

/** The rows of a table's text. Throws a DataError that names what is missing in it. */
export async function readTable(
  file: string,
  text: string,
  columns: TableColumns = {},
): Promise<TableRow[]> {
  const cells = await readCells(file, text, columns), found = findColumns(cells, columns);
  return cells.rows.map((row, at): TableRow => ({
    row: cells.first + at,
    path: valueAt(cells, row, at, found.path),
    split: found.split === undefined ? undefined : valueAt(cells, row, at, found.split),
    label: found.label === undefined ? undefined : valueAt(cells, row, at, found.label),
    numbers: found.numbers?.map((column) => numberAt(cells, row, at, column)),
  }));
}
