/**
 * Reading `experiment.json`. The fields that identify its runs are required; all others may be missing.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { readJson } from "../run/read_file.ts";
import type { PaperNumbers } from "./description.ts";
import type { CellStatus } from "./outcome.ts";
import { type CellRecord, type ExperimentRecord, recordPath } from "./record.ts";

type Json = Readonly<Record<string, unknown>>;

type Named = "row" | "column" | "seed" | "run" | "status";

/** A run as stored in a record. Numbers that JSON cannot represent are null. */
export type StoredCell =
  & Pick<CellRecord, Named>
  & { readonly [K in Exclude<keyof CellRecord, Named>]?: CellRecord[K] | null };

/** A record as stored in a file. */
export type StoredRecord =
  & Pick<ExperimentRecord, "format" | "title" | "rows" | "columns">
  & Partial<Omit<ExperimentRecord, "cells" | "measure">>
  & { readonly measure?: string; readonly cells: readonly StoredCell[] };

const STATUSES: readonly unknown[] = ["done", "n/c", "failed", "pending"] satisfies CellStatus[];

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

const isPaper = (value: unknown): value is PaperNumbers =>
  isObject(value) &&
  Object.values(value).every((row) =>
    isObject(row) && Object.values(row).every((it) => typeof it === "number" || it === "n/c")
  );

/** Throws on invalid content of a record. */
type Reject = (expected: string, found: unknown) => never;

function checkCell(value: unknown, reject: Reject): void {
  if (!isObject(value)) reject("each cell to be an object", value);
  const { row, column, seed, run, status } = value as Json;
  if (!isTexts([row, column, run])) {
    reject("each cell to have the texts row, column and run", value);
  }
  if (typeof seed !== "number") reject("each cell's seed to be a number", value);
  if (!STATUSES.includes(status)) {
    reject(`each cell's status to be one of ${STATUSES.join(", ")}`, status);
  }
}

/** Checks that a JSON object is a record. Throws a {@linkcode TaskError} that names the file. */
export function parseRecord(json: Json, file: string): StoredRecord {
  const reject: Reject = (expected, found) => {
    throw new TaskError(
      `${file}: expected ${expected}, found ${JSON.stringify(found) ?? "nothing"}`,
    );
  };
  const { format, title, rows, columns, cells, paper, scaled } = json;
  if (format !== 1) reject("format to be 1", format);
  if (typeof title !== "string") reject("title to be a text", title);
  if (!isTexts(rows)) reject("rows to be a list of texts", rows);
  if (!isTexts(columns)) reject("columns to be a list of texts", columns);
  if (!Array.isArray(cells)) return reject("cells to be a list", cells);
  for (const cell of cells) checkCell(cell, reject);
  if (paper !== undefined && paper !== null && !isPaper(paper)) {
    reject('paper to be numbers or "n/c" by row and column', paper);
  }
  if (scaled !== undefined && !isTexts(scaled)) reject("scaled to be a list of texts", scaled);
  return json as unknown as StoredRecord;
}

/** Reads a folder's `experiment.json`; undefined if there is none. */
export async function readRecord(folder: string): Promise<StoredRecord | undefined> {
  const path = recordPath(folder), json = await readJson(path);
  return json && parseRecord(json, path);
}
