/**
 * Reading the results of an experiment's folder.
 *
 * @module
 */
import { findPath } from "../cli/find_path.ts";
import { grouped } from "../cli/format.ts";
import type { StoredCell, StoredRecord } from "../experiments/read_record.ts";
import { readRun } from "../run/read_run.ts";
import type { Recorded } from "./record/read.ts";
import type { Cell, Fact, Results } from "./results.ts";

const numberOr = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;

const textOr = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** A recorded run, with the content of its folder. */
async function readCell(cell: StoredCell, path: string, recorded?: Recorded): Promise<Cell> {
  const { row, column, seed, status, run } = cell;
  const made = recorded
    ? recorded.names.includes(run)
    : (await findPath(`${path}/${run}`))?.isDirectory;
  return {
    row,
    column,
    seed,
    status,
    accuracy: numberOr(cell.accuracy),
    loss: numberOr(cell.loss),
    trainAccuracy: numberOr(cell.trainAccuracy),
    epochs: numberOr(cell.epochs),
    seconds: numberOr(cell.seconds),
    imagesPerSecond: numberOr(cell.imagesPerSecond),
    initSeconds: numberOr(cell.initSeconds),
    forwardPasses: numberOr(cell.forwardPasses),
    command: textOr(cell.command),
    message: textOr(cell.message),
    folder: run,
    run: made ? await readRun(`${path}/${run}`, run, recorded?.read) : undefined,
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const show = (value: unknown): string =>
  isObject(value)
    ? Object.values(value).filter((it) => typeof it !== "object").join(", ")
    : typeof value === "number"
    ? grouped(value)
    : String(value);

/** The facts about the whole experiment. */
function listFacts(record: StoredRecord): Fact[] {
  const { task, command, version, device, seeds, startedAt } = record;
  const { name, fingerprint, train, test, note } = record.dataset ??
    {} as Partial<NonNullable<StoredRecord["dataset"]>>;
  const facts: readonly (readonly [string, unknown])[] = [
    ["Task", task],
    ["Command", command],
    ["Version", version],
    ["Device", device],
    ["Data set", name],
    ["Training images", train],
    ["Test images", test],
    ["Data set's fingerprint", fingerprint],
    ["Note on the data", note],
    ["Seeds", Array.isArray(seeds) ? seeds.join(", ") : seeds],
    ["Started", startedAt],
  ];
  return facts.filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => [name, show(value)]);
}

/** What is missing, a line each. */
function listMissing(cells: readonly Cell[], facts: readonly Fact[]): string[] {
  const known = new Set(facts.map(([name]) => name));
  return [
    ...["Command", "Version", "Device", "Data set", "Data set's fingerprint"]
      .filter((name) => !known.has(name))
      .map((name) => `experiment.json: no ${name.toLowerCase()}`),
    ...cells.flatMap(({ status, folder, run }) =>
      status === "pending" ? [] : run ? run.missing : [`${folder}: no such folder`]
    ),
    ...cells.filter(({ status, accuracy }) => status === "done" && accuracy === undefined)
      .map(({ folder }) => `${folder}: done, but without an accuracy in experiment.json`),
  ];
}

/** The results of an experiment and of its runs, in its folder or in the record of it. */
export async function experimentResults(
  record: StoredRecord,
  path: string,
  recorded?: Recorded,
): Promise<Results> {
  const { title, question, measure, rows, columns, paper, scaled } = record;
  const cells = await Promise.all(record.cells.map((cell) => readCell(cell, path, recorded)));
  const facts = listFacts(record);
  return {
    kind: "experiment",
    title,
    question: textOr(question),
    measure: textOr(measure) ?? "test accuracy, %",
    rows,
    columns,
    paper: paper ?? undefined,
    scaled,
    cells,
    testImages: numberOr(record.dataset?.test),
    bySecond: record.bySecond,
    findings: record.findings,
    facts,
    missing: listMissing(cells, facts),
  };
}
