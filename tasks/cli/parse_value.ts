/**
 * Parsing the values of command-line options.
 *
 * @module
 */
import { fromCaller } from "./caller.ts";
import { fail, type Option } from "./option_table.ts";
import { nearestChoice } from "./usual_names.ts";

type Numeric = Option & { readonly kind: "number" | "integer" };

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** How an integer is written; `1.00000000000000000001`, whose fraction float64 cannot hold, is none. */
const INTEGER = /^\s*[-+]?\d+(\.0*)?(e\+?\d+)?\s*$/i;

/** The bounds of a number in words. */
function boundsText({ kind, from, to, above, below }: Numeric, value: number): string {
  if (kind === "integer") {
    const isOpen = to === undefined && !(value > Number.MAX_SAFE_INTEGER);
    if (isOpen) return from === undefined ? "an integer" : `an integer of at least ${from}`;
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
  const near = nearestChoice(choices, text);
  const hint = near ? `; did you mean ${near}?` : "";
  return fail(
    `--${name}: expected one of ${choices.join(", ")}, found ${text || "nothing"}${hint}`,
  );
}

/** Parses the value of an option. Throws an {@linkcode OptionError} on an invalid one. */
export function parseValue(name: string, option: Option, text: string): unknown {
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
