/**
 * The pictures that a table lists, by split and class.
 *
 * @module
 */
import { DataError } from "../../../src/data/mod.ts";
import { byHash, splitClass, type SplitOptions } from "./split.ts";
import {
  type Classes,
  type Found,
  type LabeledFile,
  type ListedSplit,
  type Listing,
  type PictureFile,
  SPLIT_NAMES,
  splitNamed,
} from "./listing.ts";
import { sorted } from "./picture_files.ts";
import { readTable, type TableColumns, type TableRow } from "./table.ts";

/** The folder of a file. */
const folderOf = (file: string): string =>
  file.replace(/[^/\\]*$/, "").replace(/(.)[/\\]$/, "$1") || ".";

const isAbsolute = (path: string): boolean => /^([/\\]|[A-Za-z]:)/.test(path);

const pictureOf = (folder: string, { path }: TableRow): PictureFile => ({
  path: isAbsolute(path) ? path : `${folder}/${path}`,
  name: path,
});

function splitOf(file: string, { row, split }: TableRow): ListedSplit | undefined {
  if (split === undefined) return undefined;
  const found = splitNamed(split);
  if (found) return found;
  throw new DataError(
    `${file}: row ${row}: expected a split, one of ${SPLIT_NAMES.join(", ")}, found ${split}`,
  );
}

/** Class names in order: by value where all are integers, else as text. */
const orderNames = (names: ReadonlySet<string>): string[] =>
  [...names].every((name) => /^-?\d+$/.test(name))
    ? [...names].sort((a, b) => Number(a) - Number(b))
    : sorted(names);

function bySplit(
  file: string,
  rows: readonly TableRow[],
): Map<ListedSplit | undefined, TableRow[]> {
  const splits = Map.groupBy(rows, (row) => splitOf(file, row));
  const held = splits.has("test") || splits.has("validation");
  if (held && !splits.has("train")) {
    throw new DataError(`${file}: expected rows of the split train, found none`);
  }
  return splits;
}

/** The numbers of pictures, in place of classes. */
function listNumbers(
  file: string,
  rows: readonly TableRow[],
  names: readonly string[],
  held: SplitOptions,
): Listing {
  const folder = folderOf(file), splits = bySplit(file, rows);
  const files = (split: ListedSplit | undefined): LabeledFile[] =>
    (splits.get(split) ?? []).map((row) => ({
      ...pictureOf(folder, row),
      label: 0,
      numbers: row.numbers,
    }));
  if (splits.has("test") || splits.has("validation")) {
    const list = (split: ListedSplit, order: number) => byHash(files(split), order);
    return {
      classNames: names,
      train: list("train", 1),
      validation: list("validation", 2),
      test: list("test", 3),
      how: `the table ${file}`,
    };
  }
  const { train, test } = splitClass([...files(undefined), ...files("train")], held);
  return {
    classNames: names,
    train,
    validation: [],
    test,
    how: `the table ${file}, divided by a hash of the names`,
  };
}

/** The pictures of a table with numbers that are to be predicted. */
export async function listTableNumbers(
  file: string,
  text: string,
  columns: TableColumns & { readonly numbers: readonly string[] },
  held: SplitOptions,
): Promise<Listing> {
  return listNumbers(file, await readTable(file, text, columns), columns.numbers, held);
}

/** The pictures of a table with a column of classes, from the text of its file. */
export async function findInTable(
  file: string,
  text: string,
  columns: TableColumns,
): Promise<Found> {
  const rows = await readTable(file, text, columns),
    folder = folderOf(file),
    splits = bySplit(file, rows);
  const classNames = orderNames(new Set(rows.map(({ label }) => label!)));
  const classesOf = (some: readonly TableRow[]): Classes => {
    const classes = Map.groupBy(some, ({ label }) => label!);
    const known = classNames.filter((name) => classes.has(name));
    return new Map(
      known.map((name) => [name, classes.get(name)!.map((row) => pictureOf(folder, row))]),
    );
  };
  const parts = [...splits].flatMap(([split, some]) =>
    split ? [[split, classesOf(some)] as const] : []
  );
  const train = classesOf([...splits.get(undefined) ?? [], ...splits.get("train") ?? []]);
  return {
    place: file,
    classNames,
    what: "classes in the table",
    splits: { ...Object.fromEntries(parts), train },
    how: `the table ${file}`,
  };
}
