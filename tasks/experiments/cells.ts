/**
 * The cells of an experiment's grid, in order: each is a run, as settings and as a command line.
 *
 * @module
 */
import { optionArguments } from "../cli/option_arguments.ts";
import { parseOptions } from "../cli/parse_options.ts";
import type { PresetName, Settings, TaskName } from "../run/settings.ts";
import { trainTable } from "../training/options/mod.ts";
import { resolveShares } from "../training/recipes/mod.ts";
import { resolveSettings } from "../training/settings.ts";
import type { Description, Length, RunOptions, Variant } from "./description.ts";

/** A run that is planned. */
export interface PlannedCell {
  readonly row: string;
  readonly column: string;
  readonly seed: number;
  /** Its folder, relative to the results' folder. */
  readonly run: string;
  /** The arguments of a training task that trains the same. */
  readonly args: readonly string[];
  readonly settings: Settings;
}

/** How an experiment is run. */
export interface GridOptions {
  readonly length: Length;
  readonly seeds: readonly number[];
  /** The options of the command line for all runs; those of rows and columns take precedence. */
  readonly options: RunOptions;
}

/** The preset for options that no run sets, on every device. */
const BASE: PresetName = "quick";

/** Options as a training task's arguments. */
function toArguments(options: RunOptions): string[] {
  const { epochs, ...others } = options;
  return optionArguments(resolveShares({ epochs, ...others }, Number(epochs)));
}

/** The settings that a training task resolves from arguments. */
export function parseSettings(trains: TaskName, args: readonly string[]): Settings {
  const parsed = parseOptions(trainTable(trains), args);
  if (parsed === "help") throw new Error("experiment: expected options, found a call for help");
  return resolveSettings(trains, parsed, BASE);
}

const slug = (text: string): string =>
  text.toLowerCase().replace(/[^a-z0-9.]+/g, "-").replace(/^-+|-+$/g, "");

/** The variants with some names; all of them if none match. */
function select(all: readonly Variant[], names: readonly string[] = []): readonly Variant[] {
  const found = all.filter(({ name }) => names.includes(name));
  return found.length > 0 ? found : all;
}

/** A description with only the rows and columns of a length. */
export function restrictToLength(description: Description, length: Length): Description {
  const { rows, columns, quick } = description;
  if (length !== "quick") return description;
  return {
    ...description,
    rows: select(rows, quick?.rows),
    columns: select(columns, quick?.columns),
  };
}

/** The options of a row, a column and a seed: the more specific override the more general. */
function mergeOptions(
  { options, lengths, special = [] }: Description,
  { length, options: given }: GridOptions,
  { row, column, seed }: {
    readonly row: Variant;
    readonly column: Variant;
    readonly seed: number;
  },
): RunOptions {
  const long = ({ atPaperLength }: Variant) => length === "paper" ? atPaperLength : undefined;
  const own = special.find((each) => each.row === row.name && each.column === column.name);
  return {
    preset: BASE,
    ...options,
    ...lengths[length],
    ...long(column),
    ...long(row),
    ...given,
    ...column.options,
    ...row.options,
    ...own?.options,
    seed,
  };
}

function checkFolders(cells: readonly PlannedCell[]): void {
  const twice = cells.find(({ run }, i) => cells.findIndex((other) => other.run === run) < i);
  if (twice) throw new Error(`experiment: expected one run per folder, found two of ${twice.run}`);
}

/** All runs: with the first seed row by row and column by column, then with the next. */
export function planCells(description: Description, grid: GridOptions): readonly PlannedCell[] {
  const { trains, rows, columns } = restrictToLength(description, grid.length);
  const cells = grid.seeds.flatMap((seed) =>
    rows.flatMap((row) =>
      columns.map((column): PlannedCell => {
        const args = toArguments(mergeOptions(description, grid, { row, column, seed }));
        const run = `runs/${slug(row.name)}_${slug(column.name)}_s${seed}`;
        const settings = parseSettings(trains, args);
        return { row: row.name, column: column.name, seed, run, args, settings };
      })
    )
  );
  checkFolders(cells);
  return cells;
}
