/**
 * Command-line options from one table: reading them, saying what is wrong with them, and a help text.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "../../src/closest_string.ts";
import { fromCaller } from "./caller.ts";

/** What every kind of option has. */
interface Described {
  /** What it does, a sentence or two. */
  readonly help: string;
  /** What the value is called in help, such as `DIR`. */
  readonly value?: string;
  /** The value unless given; none if left out. `otherwise` then says what happens. */
  readonly otherwise?: string;
}

/** An option: its kind, its default and what it may be. */
export type Option =
  & Described
  & (
    | { readonly kind: "choice"; readonly choices: readonly string[]; readonly default?: string }
    | {
      readonly kind: "number" | "integer";
      readonly default?: number;
      /** The least value. */
      readonly from?: number;
      /** The most; for an integer 2⁵³ - 1 if left out, above which numbers leave integers out. */
      readonly to?: number;
      /** The value must be above this. */
      readonly above?: number;
      /** The value must be below this. */
      readonly below?: number;
    }
    | { readonly kind: "numbers"; readonly default?: readonly number[] }
    | { readonly kind: "text"; readonly default?: string }
    /** A file or folder, from where the user stands. */
    | { readonly kind: "path"; readonly default?: string }
    | { readonly kind: "flag"; readonly default: boolean }
  );

/** Options by name. */
export type Table = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O["kind"] extends "choice"
  ? O extends { readonly choices: readonly (infer C)[] } ? C : never
  : O["kind"] extends "number" | "integer" ? number
  : O["kind"] extends "numbers" ? readonly number[]
  : O["kind"] extends "flag" ? boolean
  : string;

/** The values of a table's options; those without a default may be undefined. */
export type Values<T extends Table> = {
  readonly [K in keyof T]:
    | ValueOf<T[K]>
    | (T[K] extends { readonly default: unknown } ? never : undefined);
};

/** Arguments that are not as they must be. */
export class OptionError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "OptionError";
}

/** What a command line names beside its options. */
export interface Operands {
  /** Each by its name, such as `RUN`, with what it is, and whether it is a path from where the user stands. */
  readonly names: readonly (readonly [name: string, help: string, kind?: "path"])[];
  /** How many must be given; the others may be left out. */
  readonly least: number;
  /** Whether the last may be given several times. */
  readonly repeats?: boolean;
}

/** Operands as a usage line has them: `RUN [IMAGE]...`. */
export const usageLine = ({ names, least, repeats }: Operands): string =>
  names.map(([name], i) =>
    (i < least ? name : `[${name}]`) + (repeats && i === names.length - 1 ? "..." : "")
  ).join(" ");

type Numeric = Option & { readonly kind: "number" | "integer" };

const fail = (message: string): never => {
  throw new OptionError(message);
};

/** The largest number that devices have. */
const LARGEST = 3.4028234663852886e38;

/** How an integer is written; a fraction too small for a number to hold is none. */
const INTEGER = /^\s*[-+]?\d+(\.0*)?(e\+?\d+)?\s*$/i;

/** What a number must be, in words. */
function boundsText({ kind, from, to, above, below }: Numeric, value: number): string {
  if (kind === "integer") {
    return `an integer from ${from ?? Number.MIN_SAFE_INTEGER} to ${to ?? Number.MAX_SAFE_INTEGER}`;
  }
  const most = to ?? (Math.abs(value) > LARGEST && below === undefined ? LARGEST : undefined);
  const bounds = [
    ...(from === undefined ? [] : [`of at least ${from}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
    ...(most === undefined ? [] : [`of at most ${most}`]),
  ];
  return ["a number", ...bounds.join(" and ").split(" ").filter(Boolean)].join(" ");
}

function number(name: string, option: Numeric, text: string): number {
  const { kind, from = -Infinity, to = Infinity, above = -Infinity, below = Infinity } = option;
  const value = text.trim() === "" ? NaN : Number(text);
  const fits = kind === "integer"
    ? INTEGER.test(text) && Number.isSafeInteger(value)
    : Number.isFinite(Math.fround(value));
  if (fits && value >= from && value <= to && value > above && value < below) return value;
  return fail(`--${name}: expected ${boundsText(option, value)}, found ${text || "nothing"}`);
}

function numbers(name: string, text: string): readonly number[] {
  if (text === "none") return [];
  const values = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  if (values.every((value) => value > 0 && value < Infinity)) return values;
  return fail(
    `--${name}: expected numbers above 0 such as 5,7.5, or none, found ${text || "nothing"}`,
  );
}

function choice(name: string, choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  const near = closestString(text, choices);
  const hint = near ? `; did you mean ${near}?` : "";
  return fail(
    `--${name}: expected one of ${choices.join(", ")}, found ${text || "nothing"}${hint}`,
  );
}

const choicesOf = (option: Option) => option.kind === "choice" ? option.choices : [];

function parseValue(name: string, option: Option, text: string): unknown {
  switch (option.kind) {
    case "choice":
      return choice(name, option.choices, text);
    case "number":
    case "integer":
      return number(name, option, text);
    case "numbers":
      return numbers(name, text);
    default:
      if (text === "") return fail(`--${name}: expected a value, found nothing`);
      return option.kind === "path" ? fromCaller(text) : text;
  }
}

/** Arguments in which a negative number is the value of the option before it, and no option of its own. */
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

/** Operands, paths among them as this process finds them. */
const resolveOperands = ({ names }: Operands, found: readonly string[]): readonly string[] =>
  found.map((text, i) =>
    names[Math.min(i, names.length - 1)]?.[2] === "path" ? fromCaller(text) : text
  );

/** What a command line says. */
export interface Parsed<T extends Table> {
  readonly values: Values<T>;
  /** The options that were given. */
  readonly given: ReadonlySet<string>;
  /** What is named beside the options. */
  readonly operands: readonly string[];
}

const NO_OPERANDS: Operands = { names: [], least: 0 };

function checkOperands(operands: Operands, found: readonly string[]): void {
  const { names, least, repeats } = operands;
  if (names.length === 0 && found.length > 0) fail(`expected options only, found ${found[0]}`);
  if (found.length >= least && (repeats || found.length <= names.length)) return;
  fail(`expected ${usageLine(operands)}, found ${found.join(" ") || "nothing"}; see --help`);
}

/**
 * Reads arguments. Returns `help` where it is asked for. Throws an {@linkcode OptionError} on an
 * unknown option, which names the nearest one, or the one that takes that word as its value, and on a
 * value that is not what the option takes.
 */
export function parseOptions<T extends Table>(
  table: T,
  args: readonly string[],
  operands: Operands = NO_OPERANDS,
): Parsed<T> | "help" {
  const names = Object.keys(table), flags = names.filter((name) => table[name]!.kind === "flag");
  const unknown = (arg: string, name?: string) => {
    if (name === undefined) return true;
    const bare = arg.replace(/^-+/, "").replace(/=.*/, "").replace(/^no-(?=.)/, "");
    const owner = names.find((each) => choicesOf(table[each]!).includes(bare));
    const near = owner ? `${owner} ${bare}` : closestString(bare, names);
    const hint = near ? `; did you mean --${near}?` : "; --help lists them";
    return fail(`expected a known option, found ${arg}${hint}`);
  };
  const given: Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] } =
    parseArgs(withNegatives(table, args), {
      string: ["_", ...names.filter((name) => table[name]!.kind !== "flag")],
      boolean: ["help", ...flags],
      negatable: flags,
      alias: { help: "h" },
      default: Object.fromEntries(flags.map((name) => [name, table[name]!.default])),
      unknown,
    });
  if (given.help) return "help";
  const named = given._.map(String), written = args.map((arg) => arg.replace(/=.*/s, ""));
  checkOperands(operands, named);
  const found = names.map((name): [string, unknown] => {
    const option = table[name]!, text = given[name];
    if (option.kind === "flag") return [name, text];
    return [name, text === undefined ? option.default : parseValue(name, option, String(text))];
  });
  return {
    values: Object.fromEntries(found) as Values<T>,
    given: new Set(
      names.filter((name) => written.some((arg) => arg === `--${name}` || arg === `--no-${name}`)),
    ),
    operands: resolveOperands(operands, named),
  };
}
