/**
 * What a record keeps of a run: its facts and its numbers, without weights, paths and what repeats.
 *
 * @module
 */
import type { FoundManifest } from "../../run/manifest.ts";
import type { Run } from "../../run/read_run.ts";
import type { LayerRow, StepRow } from "../../run/tables.ts";
import type { TableName } from "./tables.ts";

/** Significant digits of the numbers that are kept; of variances, fewer. */
const DIGITS = 6, FEWER = 4;

/** The most layers of a net whose variances are kept: of deeper ones none, as a part would be another net's. */
const MOST_LAYERS = 200;

/** The most layers of a net whose variances at the end of the run are kept beside those at its start. */
const MOST_AT_END = 20;

/** The most rows of training losses by step that are kept of a run. */
const MOST_STEPS = 100;

/** A value, a number with the digits that are kept. */
const rounded = (value: unknown, digits: number): unknown =>
  typeof value === "number" && Number.isFinite(value) && !Number.isInteger(value)
    ? Number(value.toPrecision(digits))
    : value;

const roundRows = (rows: readonly object[], digits = DIGITS): readonly object[] =>
  rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rounded(value, digits)]))
  );

/** What stands in the place of a path behind an option. */
const PLACES: Readonly<Record<string, string>> = { data: "DIR", out: "RESULTS", resume: "RESULTS" };

/** An absolute path of at least two names, but not of an address. */
const PATH = /(?<![\w.:/])\/(?:[\w.@-]+\/)+[\w.@-]+/g;

/** A text without the paths of the machine that it was written on. */
export const withoutPaths = (text: string): string =>
  text.replace(/ --(data|out|resume) \S+/g, (_, name) => ` --${name} ${PLACES[name]}`)
    .replace(PATH, (path) => /\/(runs\/[^/]+)$/.exec(path)?.[1] ?? path.split("/").at(-1)!);

/** A manifest without its folders, and without what its tables repeat. */
export function thinManifest(
  { folder: _, data, results, resumed, model, profile: __, ...facts }: FoundManifest,
): object {
  const { lastEpoch: _last, bestEpoch: _best, ...totals } = results ?? {};
  const { classNames: _names, ...kept } = model ?? {};
  return {
    ...facts,
    ...(data && { data: { train: data.train, test: data.test } }),
    ...(model && { model: kept }),
    ...(results && { results: totals }),
    ...(resumed && {
      resumed: resumed.map(({ started, step, program }) => ({ started, step, program })),
    }),
  };
}

/** The variances of layers at the start of a run, and of nets that are not very deep at its end. */
function thinLayers(layers: readonly LayerRow[]): readonly LayerRow[] {
  const deepest = Math.max(0, ...layers.map(({ layer }) => layer)), last = layers.at(-1)?.phase;
  if (deepest > MOST_LAYERS) return [];
  return layers.filter(({ step, phase }) => step === 0 || phase === last && deepest <= MOST_AT_END);
}

/** Losses by step, each the mean of as many rows as leave few enough. */
export function thinSteps(steps: readonly StepRow[]): readonly StepRow[] {
  const size = Math.ceil(steps.length / MOST_STEPS);
  if (size <= 1) return steps;
  return Array.from({ length: Math.ceil(steps.length / size) }, (_, i) => {
    const group = steps.slice(i * size, (i + 1) * size);
    const loss = group.reduce((sum, row) => sum + row.loss, 0) / group.length;
    return { ...group.at(-1)!, loss };
  });
}

/** The rows of a run's tables that are kept. */
export const thinTables = (
  { epochs, lsuv, layers, steps }: Run,
): Readonly<Record<TableName, readonly object[]>> => ({
  epochs: roundRows(epochs),
  lsuv: roundRows(lsuv.length > MOST_LAYERS ? [] : lsuv, FEWER),
  layers: roundRows(thinLayers(layers), FEWER),
  steps: roundRows(thinSteps(steps), FEWER),
});
