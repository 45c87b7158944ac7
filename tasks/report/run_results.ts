/**
 * Runs that no experiment planned, as results: a column for what they train, a row for how.
 *
 * @module
 */
import type { Cell, CellStatus, Results } from "./results.ts";
import type { Run } from "../run/read_run.ts";
import { describeScaledDown } from "./scaled_down.ts";

/** Settings that make the column, and such as do not change what is learnt. */
const COLUMN = ["dataset", "net", "activation"],
  APART = ["seed", "device", "threads", "winograd", "wide"];

const show = (value: unknown): string => Array.isArray(value) ? value.join(",") : String(value);

const columnName = ({ manifest: { settings = {} } }: Run): string =>
  COLUMN.filter((name) => name in settings).map((name) => show(settings[name])).join(", ") ||
  "unknown settings";

/** The settings that are not the same in all runs that have them. */
export function findDifferingSettings(runs: readonly Run[]): readonly string[] {
  const names = new Set(runs.flatMap(({ manifest: { settings = {} } }) => Object.keys(settings)));
  const left = [...names].filter((name) => ![...COLUMN, ...APART].includes(name));
  return left.filter((name) =>
    new Set(
      runs.flatMap(({ manifest: { settings = {} } }) =>
        name in settings ? [show(settings[name])] : []
      ),
    ).size > 1
  );
}

/** A row's name takes at most so many settings; runs that differ in more go by their folders. */
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

const runCell = (run: Run, row: string): Cell => {
  const { manifest, epochs, name } = run, last = epochs.at(-1);
  const { fault, seconds = epochs.reduce((sum, { seconds }) => sum + seconds, 0) } =
    manifest.results ?? {};
  return {
    row,
    column: columnName(run),
    seed: manifest.seed ?? 0,
    status: cellStatus(manifest),
    accuracy: last && Number.isFinite(last.testAccuracy) ? last.testAccuracy : undefined,
    loss: last && Number.isFinite(last.testLoss) ? last.testLoss : undefined,
    epochs: epochs.length,
    seconds,
    imagesPerSecond: last &&
      epochs.reduce((sum, row) => sum + row.imagesPerSecond * row.seconds, 0) /
        epochs.reduce((sum, row) => sum + row.seconds, 0),
    command: manifest.command,
    message: fault ?? manifest.fault,
    folder: name,
    run,
  };
};

/** Runs as results. */
export function runResults(
  runs: readonly Run[],
  kind: "run" | "runs",
  title: string = runs[0]!.name,
): Results {
  const cells = [...Map.groupBy(runs, columnName).values()].flatMap((group) => {
    const names = findDifferingSettings(group);
    return group.map((run) => runCell(run, rowName(run, names)));
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
