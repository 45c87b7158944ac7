/**
 * Reading `experiment.json`. The fields that identify its runs are required; all others may be missing.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { parseAs, readJson } from "../schema/read_json.ts";
import {
  choice,
  flag,
  type Found,
  integer,
  list,
  nullable,
  numberOr,
  object,
  optional,
  partial,
  record,
  type Schema,
  text,
} from "../schema/schema.ts";
import type { Settings } from "../run/settings.ts";
import { SETTINGS } from "../run/settings_schema.ts";
import type { Finding, FindingValue } from "./findings/finding.ts";
import { type CellRecord, type ExperimentRecord, recordPath } from "./record.ts";

type Named = "row" | "column" | "seed" | "run" | "status";

type Outcome = Omit<CellRecord, Named | "settings">;

/** A run as stored in a record. Numbers that JSON cannot represent are null. */
export type StoredCell =
  & Pick<CellRecord, Named>
  & { readonly [K in keyof Outcome]?: Outcome[K] | null }
  & { readonly settings?: Found<Settings> | undefined };

/** A record as stored in a file. */
export type StoredRecord =
  & Pick<ExperimentRecord, "format" | "title" | "rows" | "columns">
  & {
    readonly [
      K in Exclude<
        keyof ExperimentRecord,
        "format" | "title" | "rows" | "columns" | "cells" | "measure" | "dataset"
      >
    ]?: ExperimentRecord[K] | undefined;
  }
  & {
    readonly measure?: string | undefined;
    readonly dataset?: Found<ExperimentRecord["dataset"]> | undefined;
    readonly cells: readonly StoredCell[];
  };

const count = integer({ from: 0 }), texts = list(text);
const outcome = optional(nullable(numberOr()));

const CELL: Schema<StoredCell> = object<StoredCell>({
  row: text,
  column: text,
  seed: count,
  run: text,
  status: choice("done", "n/c", "failed", "pending"),
  accuracy: outcome,
  loss: outcome,
  trainAccuracy: outcome,
  trainLoss: outcome,
  epochs: optional(nullable(count)),
  seconds: outcome,
  imagesPerSecond: outcome,
  initSeconds: outcome,
  forwardPasses: outcome,
  message: optional(text),
  command: optional(text),
  settings: optional(partial(SETTINGS)),
});

const VALUE: Schema<FindingValue> = (value, at) =>
  value === null || typeof value === "string" ? value : numberOr()(value, at);

const FINDING = object<Finding>({
  title: text,
  head: texts,
  lines: list(list(VALUE)),
  notes: texts,
  map: optional(object({ rows: texts, columns: texts, less: text })),
});

const DATASET = object<ExperimentRecord["dataset"]>({
  name: text,
  fingerprint: text,
  train: count,
  test: count,
  note: text,
});

/** The content of `experiment.json`. */
const RECORD: Schema<StoredRecord> = object<StoredRecord>({
  format: choice(1),
  task: optional(text),
  title: text,
  question: optional(text),
  rows: texts,
  columns: texts,
  measure: optional(text),
  training: optional(flag),
  seeds: optional(list(count)),
  paper: optional(nullable(record(record(numberOr("n/c"))))),
  scaled: optional(texts),
  command: optional(text),
  version: optional(text),
  device: optional(text),
  dataset: optional(partial(DATASET)),
  startedAt: optional(text),
  bySecond: optional(flag),
  findings: optional(list(FINDING)),
  cells: list(CELL),
});

const OPTIONS = {
  version: (json: unknown) => (json as { readonly version?: unknown }).version,
};

/** Throws a {@linkcode TaskError} on runs of rows and columns that a record does not have. */
function checkCells({ rows, columns, cells }: StoredRecord, file: string): void {
  const wrong = (name: string, found: string) => {
    throw new TaskError(`${file}: ${name}: expected one of the experiment's, found ${found}`);
  };
  cells.forEach(({ row, column }, i) => {
    if (!rows.includes(row)) wrong(`cells[${i}].row`, JSON.stringify(row));
    if (!columns.includes(column)) wrong(`cells[${i}].column`, JSON.stringify(column));
  });
}

/** Checks that a file's JSON is a record. Throws a {@linkcode TaskError} that names the file and the field. */
export function parseRecord(json: unknown, file: string): StoredRecord {
  const found = parseAs(RECORD, json, file, OPTIONS);
  checkCells(found, file);
  return found;
}

/** Reads a folder's `experiment.json`; undefined if there is none. */
export async function readRecord(folder: string): Promise<StoredRecord | undefined> {
  const path = recordPath(folder), found = await readJson(path, RECORD, OPTIONS);
  if (found) checkCells(found, path);
  return found;
}

const REQUIRED = [
  "task",
  "question",
  "measure",
  "seeds",
  "scaled",
  "command",
  "version",
  "device",
  "startedAt",
] as const;

/** Reads the record in a folder that this program has written before, whole. */
export async function readWholeRecord(folder: string): Promise<ExperimentRecord> {
  const path = recordPath(folder), found = await readRecord(folder);
  if (!found) throw new TaskError(`${path}: expected the record of an experiment, found none`);
  const missing = REQUIRED.find((name) => found[name] === undefined);
  if (missing === undefined && found.paper !== undefined && found.dataset) {
    return found as ExperimentRecord;
  }
  const name = missing ?? (found.dataset ? "paper" : "dataset");
  throw new TaskError(`${path}: ${name}: expected it, found nothing`);
}
