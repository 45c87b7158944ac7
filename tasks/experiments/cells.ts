/**
 * The runs of an experiment, in order: each as settings, and as a command line of its own.
 *
 * @module
 */
import { parseOptions } from "../cli/options.ts";
import { settingsOf } from "../training/recipe.ts";
import { trainTable } from "../training/train_options.ts";
import type { Description, Length, RunOptions, Variant } from "./description.ts";
import type { PresetName, Settings, TaskName } from "../run/settings.ts";

/** A run that is to be made. */
export interface PlannedCell {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  /** Its folder, from the results' folder. */
  readonly run: string;
  /** The arguments that make a training task train the same. */
  readonly args: readonly string[];
  readonly settings: Settings;
}

/** How an experiment is run. */
export interface Choice {
  readonly length: Length;
  readonly seeds: readonly number[];
  /** What the command line says of all runs; what makes a row or a column stays as it is. */
  readonly options: RunOptions;
}

/** What options that no run names come from, on whatever device. */
const BASE: PresetName = "quick";

/** Options as a training task's arguments. */
function argsOf(options: RunOptions): string[] {
  const { "drop-shares": shares, epochs, ...rest } = options;
  const drops = Array.isArray(shares)
    ? { "drop-at": shares.map((share) => Number((share * Number(epochs)).toFixed(4))) }
    : {};
  return Object.entries({ epochs, ...rest, ...drops }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (typeof value === "boolean") return [value ? `--${name}` : `--no-${name}`];
    return [`--${name}`, Array.isArray(value) ? value.join(",") || "none" : String(value)];
  });
}

/** What a training task makes of options. */
export function settingsFrom(trains: TaskName, args: readonly string[]): Settings {
  const parsed = parseOptions(trainTable(trains), args);
  if (parsed === "help") throw new Error("experiment: expected options, found a call for help");
  return settingsOf(trains, parsed, BASE);
}

const slug = (text: string): string =>
  text.toLowerCase().replace(/[^a-z0-9.]+/g, "-").replace(/^-+|-+$/g, "");

/** Those of some names; all of them if there are none such. */
function named(all: readonly Variant[], names: readonly string[] = []): readonly Variant[] {
  const found = all.filter(({ name }) => names.includes(name));
  return found.length > 0 ? found : all;
}

/** A description with the rows and columns of a length only. */
export const ofLength = (description: Description, length: Length): Description =>
  length === "quick"
    ? {
      ...description,
      rows: named(description.rows, description.quick?.rows),
      columns: named(description.columns, description.quick?.columns),
    }
    : description;

/** All runs: with the first seed row by row and column by column, then with the next. */
export function cellsOf(description: Description, choice: Choice): readonly PlannedCell[] {
  const { length, seeds } = choice;
  const { trains, options, lengths, rows, columns, special = [] } = ofLength(description, length);
  const long = ({ atPaperLength }: Variant) => length === "paper" ? atPaperLength : undefined;
  const cells = seeds.flatMap((seed) =>
    rows.flatMap((row) =>
      columns.map((column): PlannedCell => {
        const own = special.find((each) => each.row === row.name && each.column === column.name);
        const args = argsOf({
          preset: BASE,
          ...options,
          ...lengths[length],
          ...long(column),
          ...long(row),
          ...choice.options,
          ...column.options,
          ...row.options,
          ...own?.options,
          seed,
        });
        const run = `runs/${slug(row.name)}_${slug(column.name)}_s${seed}`;
        const settings = settingsFrom(trains, args);
        return { row: row.name, column: column.name, seed, run, args, settings };
      })
    )
  );
  const twice = cells.find(({ run }, i) => cells.findIndex((other) => other.run === run) < i);
  if (twice) throw new Error(`experiment: expected one run a folder, found two of ${twice.run}`);
  return cells;
}
