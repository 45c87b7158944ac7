/**
 * Reads a run's folder. What is missing is told in the run; what is there and cannot be read is an
 * error.
 *
 * @module
 */
import { parse } from "@std/csv";
import type { ReportRow } from "../../src/init/mod.ts";
import { TaskError } from "../cli/command.ts";
import type { EpochRow } from "../run/run_folder.ts";
import type { LayerRow, Manifest, Run } from "./run.ts";

/** The text of a file; undefined if there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** A file's JSON object; undefined if there is no file. */
export async function jsonOf(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    throw new SyntaxError(`found ${text.trim().slice(0, 40)}`);
  } catch (cause) {
    throw new TaskError(`${path}: expected a JSON object; ${(cause as Error).message}`, { cause });
  }
}

type Row = Readonly<Record<string, string>>;

async function rowsOf(
  path: string,
  columns: readonly string[],
): Promise<readonly Row[] | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  let rows: Row[];
  try {
    rows = parse(text, { skipFirstRow: true });
  } catch (cause) {
    throw new TaskError(`${path}: expected comma-separated values; ${(cause as Error).message}`, {
      cause,
    });
  }
  const lost = rows.length > 0 ? columns.filter((column) => !(column in rows[0]!)) : [];
  if (lost.length === 0) return rows;
  throw new TaskError(
    `${path}: expected the columns ${columns.join(", ")}; ${lost.join(", ")} not found`,
  );
}

const number = (text: string): number => text === "" ? NaN : Number(text);

const numbersOf = <K extends string>(row: Row, names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, number(row[name]!)])) as Record<K, number>;

const EPOCH = [
  "epoch",
  "step",
  "trainLoss",
  "trainAccuracy",
  "testLoss",
  "testAccuracy",
  "seconds",
  "imagesPerSecond",
] as const satisfies readonly (keyof EpochRow)[];

const LSUV = ["piece", "trials", "before", "after"] as const;
const LAYER = ["step", "layer", "activationVariance", "gradientVariance"] as const;

const lsuvRow = (row: Row): ReportRow => ({
  ...numbersOf(row, LSUV),
  name: row.name!,
  converged: row.converged === "true",
  zero: row.zero === "true",
});

const layerRow = (row: Row): LayerRow => ({
  ...numbersOf(row, LAYER),
  phase: row.phase!,
  name: row.name!,
});

/** Reads the run at `path`, which the report calls `name`. */
export async function readRun(path: string, name: string): Promise<Run> {
  const manifest = await jsonOf(`${path}/manifest.json`) as Manifest | undefined;
  const epochs = await rowsOf(`${path}/epochs.csv`, EPOCH);
  const lsuv = await rowsOf(`${path}/lsuv.csv`, [...LSUV, "name", "converged", "zero"]);
  const layers = await rowsOf(`${path}/layers.csv`, [...LAYER, "phase", "name"]);
  const byLsuv = manifest?.settings?.init === "lsuv";
  return {
    name,
    manifest: manifest ?? {},
    epochs: (epochs ?? []).map((row) => numbersOf(row, EPOCH)),
    lsuv: (lsuv ?? []).map(lsuvRow),
    layers: (layers ?? []).map(layerRow),
    missing: [
      ...(manifest ? [] : [`${name}: no manifest.json, so its settings and data are not known`]),
      ...(epochs?.length ? [] : [`${name}: no epochs.csv, or none of its epochs has ended`]),
      ...(byLsuv && !lsuv && !layers ? [`${name}: neither lsuv.csv nor layers.csv`] : []),
    ],
  };
}
