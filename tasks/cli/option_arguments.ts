/**
 * Options as a command line.
 *
 * @module
 */

/** The value of an option, as parsed. */
export type OptionValue = string | number | boolean | readonly number[] | undefined;

function argumentsOf(name: string, value: OptionValue): string[] {
  if (value === undefined) return [];
  if (typeof value === "boolean") return [value ? `--${name}` : `--no-${name}`];
  return [`--${name}`, Array.isArray(value) ? value.join(",") || "none" : String(value)];
}

/** The arguments that give options their values, in order. */
export const optionArguments = (options: Readonly<Record<string, OptionValue>>): string[] =>
  Object.entries(options).flatMap(([name, value]) => argumentsOf(name, value));
