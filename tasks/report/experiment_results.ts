/**
 * An experiment's folder as results.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { grouped } from "../cli/format.ts";
import type { Cell, CellStatus, Fact, Paper, Results } from "./results.ts";
import { readRun } from "../run/read_run.ts";

type Json = Readonly<Record<string, unknown>>;

const STATUSES: readonly unknown[] = ["done", "n/c", "failed", "pending"] satisfies CellStatus[];

const fault = (what: string, found: unknown): never => {
  throw new TaskError(
    `experiment.json: expected ${what}, found ${JSON.stringify(found) ?? "nothing"}`,
  );
};

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");

const texts = (json: Json, name: string): readonly string[] => {
  const value = json[name];
  return isTexts(value) ? value : fault(`${name} to be a list of texts`, value);
};

const isTable = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function paperOf(value: unknown): Paper | undefined {
  if (value === undefined || value === null) return undefined;
  const sound = isTable(value) &&
    Object.values(value).every((row) =>
      isTable(row) && Object.values(row).every((it) => typeof it === "number" || it === "n/c")
    );
  return sound ? value as Paper : fault('paper to be numbers or "n/c" by row and column', value);
}

async function cellOf(value: unknown, path: string): Promise<Cell> {
  if (!isTable(value)) return fault("each cell to be an object", value);
  const { row, column, seed, run, status, ...rest } = value;
  if (typeof row !== "string" || typeof column !== "string" || typeof run !== "string") {
    return fault("each cell to have the texts row, column and run", value);
  }
  if (typeof seed !== "number") return fault("each cell's seed to be a number", value);
  if (!STATUSES.includes(status)) {
    return fault(`each cell's status to be one of ${STATUSES.join(", ")}`, status);
  }
  const number = (name: string) => {
    const found = rest[name];
    return typeof found === "number" ? found : undefined;
  };
  const text = (name: string) => {
    const found = rest[name];
    return typeof found === "string" ? found : undefined;
  };
  const made = (await Deno.stat(`${path}/${run}`).catch(() => undefined))?.isDirectory;
  return {
    row,
    column,
    seed,
    status: status as CellStatus,
    accuracy: number("accuracy"),
    loss: number("loss"),
    epochs: number("epochs"),
    seconds: number("seconds"),
    imagesPerSecond: number("imagesPerSecond"),
    initSeconds: number("initSeconds"),
    forwardPasses: number("forwardPasses"),
    command: text("command"),
    message: text("message"),
    folder: run,
    run: made ? await readRun(`${path}/${run}`, run) : undefined,
  };
}

const shown = (value: unknown): string =>
  isTable(value)
    ? Object.values(value).filter((it) => typeof it !== "object").join(", ")
    : typeof value === "number"
    ? grouped(value)
    : String(value);

function factsOf({ task, command, version, device, dataset, seeds, startedAt }: Json): Fact[] {
  const { name, fingerprint, train, test, note } = isTable(dataset) ? dataset : {} as Json;
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
    .map(([name, value]) => [name, shown(value)]);
}

function missingOf(cells: readonly Cell[], facts: readonly Fact[]): string[] {
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

/** The results that an `experiment.json` tells of, with the runs beside it. */
export async function experimentOf(json: Json, path: string): Promise<Results> {
  if (json.format !== 1) fault("format to be 1", json.format);
  const { title, question, measure, cells } = json;
  if (typeof title !== "string") return fault("title to be a text", title);
  if (!Array.isArray(cells)) return fault("cells to be a list", cells);
  const read = await Promise.all(cells.map((cell) => cellOf(cell, path)));
  const facts = factsOf(json);
  return {
    kind: "experiment",
    title,
    question: typeof question === "string" ? question : undefined,
    measure: typeof measure === "string" ? measure : "test accuracy, %",
    rows: texts(json, "rows"),
    columns: texts(json, "columns"),
    paper: paperOf(json.paper),
    scaled: json.scaled === undefined ? undefined : texts(json, "scaled"),
    cells: read,
    facts,
    missing: missingOf(read, facts),
  };
}
