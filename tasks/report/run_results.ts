/**
 * The results of runs that belong to no experiment: columns are what they train, rows are how.
 *
 * @module
 */
import { sumOf } from "../../src/sum_of.ts";
import type { Run } from "../run/read_run.ts";
import type { EpochRow } from "../run/tables.ts";
import type { Cell, CellStatus, Results } from "./results.ts";
import { describeScaledDown } from "./scaled_down.ts";

/** Settings that define the column, and settings that do not change results. */
const COLUMN = ["dataset", "net", "activation"],
  APART = ["seed", "device", "threads", "winograd", "wide"];

const show = (value: unknown): string => Array.isArray(value) ? value.join(",") : String(value);

const columnName = ({ manifest: { settings = {} } }: Run): string =>
  COLUMN.filter((name) => name in settings).map((name) => show(settings[name])).join(", ") ||
  "unknown settings";

/** The settings that differ between runs. */
export function findDifferingSettings(runs: readonly Run[]): readonly string[] {
  const all = runs.map(({ manifest: { settings = {} } }) => settings);
  const names = new Set(all.flatMap((settings) => Object.keys(settings)));
  const differs = (name: string) =>
    new Set(all.flatMap((settings) => name in settings ? [show(settings[name])] : [])).size > 1;
  return [...names].filter((name) => ![...COLUMN, ...APART].includes(name)).filter(differs);
}

/** The most settings in a row's name; runs that differ in more are named by their folders. */
const MOST_NAMED = 3;

function rowName({ manifest: { settings = {} }, name }: Run, names: readonly string[]): string {
  if (names.length > MOST_NAMED || settings.init === undefined) return name;
  const others = names.filter((key) => key !== "init" && settings[key] !== undefined);
  return [settings.init, ...others.map((key) => `${key} ${show(settings[key])}`)].join(", ");
}

function cellStatus({ status }: Run["manifest"]): CellStatus {
  if (status === "finished") return "done";
  if (status?.startsWith("diverged")) return "n/c";
  return status === "failed" || status === "stopped" ? status : "running";
}

const finiteOr = (value: number | undefined): number | undefined =>
  Number.isFinite(value) ? value : undefined;

/** Images per second over all epochs; undefined before the first one has ended. */
const meanSpeed = (epochs: readonly EpochRow[]): number | undefined =>
  epochs.length > 0
    ? sumOf(epochs.map((row) => row.imagesPerSecond * row.seconds)) /
      sumOf(epochs.map(({ seconds }) => seconds))
    : undefined;

/** A run as a cell of a row. */
function toCell(run: Run, row: string): Cell {
  const { manifest, epochs, name } = run, last = epochs.at(-1);
  const { fault, seconds = sumOf(epochs.map(({ seconds }) => seconds)) } = manifest.results ?? {};
  return {
    row,
    column: columnName(run),
    seed: manifest.seed ?? 0,
    status: cellStatus(manifest),
    accuracy: finiteOr(last?.testAccuracy),
    loss: finiteOr(last?.testLoss),
    trainAccuracy: finiteOr(last?.trainAccuracy),
    epochs: epochs.length,
    seconds,
    imagesPerSecond: meanSpeed(epochs),
    command: manifest.command,
    message: fault ?? manifest.fault,
    folder: name,
    run,
  };
}

/** Runs as results. */
export function runResults(
  runs: readonly Run[],
  kind: "run" | "runs",
  title: string = runs[0]!.name,
): Results {
  const cells = [...Map.groupBy(runs, columnName).values()].flatMap((group) => {
    const names = findDifferingSettings(group);
    return group.map((run) => toCell(run, rowName(run, names)));
  });
  return {
    kind,
    title: kind === "run" ? `Run ${title}` : `Runs in ${title}`,
    measure: "test accuracy, %",
    rows: [...new Set(cells.map(({ row }) => row))],
    columns: [...new Set(cells.map(({ column }) => column))],
    scaled: describeScaledDown(runs),
    cells,
    facts: [],
    missing: runs.flatMap(({ missing }) => missing),
  };
}
