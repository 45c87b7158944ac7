/**
 * Parsing a command line by a table of options, with errors that say what is wrong with it.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromCaller } from "./caller.ts";
import {
  fail,
  type Operands,
  type Option,
  type Table,
  usageLine,
  type Values,
} from "./option_table.ts";
import { commandText } from "./quoted.ts";
import { parseValue } from "./parse_value.ts";
import { isOffered, nearestOption } from "./usual_names.ts";

/** Arguments in which a negative number is the value of the option before it, not an option itself. */
function withNegatives(table: Table, args: readonly string[]): string[] {
  const takes = (arg: string | undefined) => {
    const option = table[/^--(.+)$/.exec(arg ?? "")?.[1] ?? ""];
    return option !== undefined && option.kind !== "flag" && option.kind !== "path";
  };
  const isValue = (i: number) => /^-(\d|\.\d|inf)/i.test(args[i] ?? "") && takes(args[i - 1]);
  return args.flatMap((arg, i) =>
    isValue(i) ? [] : isValue(i + 1) ? [`${arg}=${args[i + 1]}`] : [arg]
  );
}

/** Operands, the paths among them resolved for this process. */
const resolveOperands = ({ names }: Operands, found: readonly string[]): readonly string[] =>
  found.map((text, i) =>
    names[Math.min(i, names.length - 1)]?.[2] === "path" ? fromCaller(text) : text
  );

/** A parsed command line. */
export interface Parsed<T extends Table> {
  readonly values: Values<T>;
  /** The options that were given. */
  readonly given: ReadonlySet<string>;
  /** The positional arguments. */
  readonly operands: readonly string[];
}

const NO_OPERANDS: Operands = { names: [], least: 0 };

const exists = (path: string): boolean => {
  try {
    return Deno.statSync(fromCaller(path)) !== undefined;
  } catch {
    return false;
  }
};

/** The option that a word without one is meant for: a value that it takes, or the data in a folder. */
function optionFor(table: Table, word: string): string {
  const owner = Object.keys(table).find((name) => isOffered(table, `${name} ${word}`));
  const name = owner ?? (isOffered(table, "data") && exists(word) ? "data" : undefined);
  return name === undefined ? "" : `; did you mean --${name} ${word}?`;
}

function checkOperands(table: Table, operands: Operands, found: readonly string[]): void {
  const { names, least, repeats } = operands, [first] = found;
  if (names.length === 0 && first !== undefined) {
    fail(`expected options only, found ${first}${optionFor(table, first)}`);
  }
  if (found.length >= least && (repeats || found.length <= names.length)) return;
  fail(
    `expected ${usageLine(operands)}, found ${commandText(found) || "nothing"}; see --help`,
  );
}

/** Throws on an option that the table does not have; passes arguments that are not options. */
function refuseUnknown(table: Table, arg: string, name: string | undefined): boolean {
  if (name === undefined) return true;
  const near = nearestOption(table, arg.replace(/^-+/, "").replace(/=.*/s, ""));
  return fail(
    `expected a known option, found ${arg}` +
      (near ? `; did you mean --${near}?` : "; --help lists them"),
  );
}

/** Arguments by option, as strings and flags. */
interface Arguments {
  readonly help?: unknown;
  /** The positional arguments. */
  readonly _: readonly (string | number)[];
  readonly [name: string]: unknown;
}

/** Splits arguments into options and operands. */
function splitArguments(table: Table, args: readonly string[]): Arguments {
  const names = Object.keys(table), flags = names.filter((name) => table[name]!.kind === "flag");
  return parseArgs(withNegatives(table, args), {
    string: ["_", ...names.filter((name) => table[name]!.kind !== "flag")],
    boolean: ["help", ...flags],
    negatable: flags,
    alias: { help: "h" },
    default: Object.fromEntries(flags.map((name) => [name, table[name]!.default])),
    unknown: (arg, name) => refuseUnknown(table, arg, name),
  });
}

/** The value of an option: the given one, else its default. */
function valueFrom(name: string, option: Option, given: unknown): unknown {
  if (option.kind === "flag") return given;
  return given === undefined ? option.default : parseValue(name, option, String(given));
}

/** The options that occur in arguments, whatever their values. */
function namesIn(table: Table, args: readonly string[]): ReadonlySet<string> {
  const written = new Set(args.map((arg) => arg.replace(/=.*/s, "")));
  return new Set(
    Object.keys(table).filter((name) => written.has(`--${name}`) || written.has(`--no-${name}`)),
  );
}

/**
 * Parses arguments. Returns `help` where it is asked for. Throws an {@linkcode OptionError} on an
 * unknown option, which names the nearest one or the one that has that word among its choices, and on an
 * invalid value.
 */
export function parseOptions<T extends Table>(
  table: T,
  args: readonly string[],
  operands: Operands = NO_OPERANDS,
): Parsed<T> | "help" {
  const given = splitArguments(table, args);
  if (given.help) return "help";
  const named = given._.map(String);
  checkOperands(table, operands, named);
  const values = Object.entries(table).map(([name, option]) => [
    name,
    valueFrom(name, option, given[name]),
  ]);
  return {
    values: Object.fromEntries(values) as Values<T>,
    given: namesIn(table, args),
    operands: resolveOperands(operands, named),
  };
}
