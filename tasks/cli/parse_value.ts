/**
 * Parsing the values of command-line options.
 *
 * @module
 */
import { fromCaller } from "./caller.ts";
import { fail, type Option } from "./option_table.ts";
import { fitsFloat32, isWithin, rangeText } from "./range.ts";
import { nearestChoice } from "./usual_names.ts";

type Numeric = Option & { readonly kind: "number" | "integer" };

/** How an integer is written; `1.00000000000000000001`, whose fraction float64 cannot hold, is none. */
const INTEGER = /^\s*[-+]?\d+(\.0*)?(e\+?\d+)?\s*$/i;

function number(name: string, option: Numeric, text: string): number {
  const { kind } = option, value = text.trim() === "" ? NaN : Number(text);
  const fits = kind === "integer"
    ? INTEGER.test(text) && Number.isSafeInteger(value) && isWithin(value, option)
    : fitsFloat32(value, option);
  if (fits) return value;
  return fail(`--${name}: expected ${rangeText(kind, option, value)}, found ${text || "nothing"}`);
}

function numbers(name: string, text: string): readonly number[] {
  if (text === "none") return [];
  const values = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
  const wrong = values.find((value) => !fitsFloat32(value, { above: 0 }));
  if (wrong === undefined) return values;
  const each = wrong > 0 ? ` (each ${rangeText("number", { above: 0 }, wrong)})` : "";
  return fail(
    `--${name}: expected numbers above 0 such as 5,7.5, or none${each}, found ${text || "nothing"}`,
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
