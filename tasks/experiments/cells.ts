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
  /** The folder of the run that must be over before, relative to the results' folder. */
  readonly after?: string | undefined;
  /** Whether that run's net is tested again, instead of training. */
  readonly retests?: boolean;
  /** Whether the folder holds it and nobody asks for it: its outcome is kept, and it is not trained. */
  readonly kept?: boolean;
}

/** How an experiment is run. */
export interface GridOptions {
  readonly length: Length;
  /** The results' folder; empty if left out. */
  readonly out?: string;
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
  const own = special.find((each) => each.row === row.name && each.column === column.name);
  return {
    preset: BASE,
    ...options,
    ...lengths[length],
    ...column.at?.[length],
    ...row.at?.[length],
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

/** The folder of a run, relative to the results' folder. */
const runOf = (row: string, column: string, seed: number): string =>
  `runs/${slug(row)}_${slug(column)}_s${seed}`;

/** A run and what it depends on. */
function planCell(
  description: Description,
  grid: GridOptions,
  at: { readonly row: Variant; readonly column: Variant; readonly seed: number },
): PlannedCell {
  const { row, column: { name: column }, seed } = at, { teacher, retests } = row;
  const before = teacher ?? retests, after = before && runOf(before, column, seed);
  const options = mergeOptions(description, grid, at);
  const args = toArguments(
    teacher ? { ...options, teacher: `${grid.out ?? ""}/${after}` } : options,
  );
  return {
    row: row.name,
    column,
    seed,
    run: runOf(row.name, column, seed),
    args,
    settings: parseSettings(description.trains, args),
    ...(after && { after }),
    ...(retests && { retests: true }),
  };
}

/** Throws unless each run that another depends on is planned. */
function checkDependencies(cells: readonly PlannedCell[]): void {
  const missing = cells.find(({ after }) => after && !cells.some(({ run }) => run === after));
  if (!missing) return;
  throw new Error(`experiment: expected ${missing.after}, before ${missing.run}, found none`);
}

/**
 * All runs: with the first seed row by row and column by column, then with the next; of each seed, those
 * that depend on another run last.
 */
export function planCells(description: Description, grid: GridOptions): readonly PlannedCell[] {
  const { rows, columns } = restrictToLength(description, grid.length);
  const cells = grid.seeds.flatMap((seed) => {
    const all = rows.flatMap((row) =>
      columns.map((column) => planCell(description, grid, { row, column, seed }))
    );
    return [...all.filter(({ after }) => !after), ...all.filter(({ after }) => after)];
  });
  checkFolders(cells);
  checkDependencies(cells);
  return cells;
}
