/**
 * Command-line options as one table: what each option is, and the types of their values.
 *
 * @module
 */

/** The fields that every kind of option has. */
interface Described {
  /** What it does, in a sentence or two. */
  readonly help: string;
  /** The placeholder for its value on the help page, such as `DIR`. */
  readonly value?: string;
  /** The default in words, where it is not a constant. */
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
      /** The greatest value; for an integer 2⁵³ - 1 if left out, above which float64 skips integers. */
      readonly to?: number;
      /** The value must be above this. */
      readonly above?: number;
      /** The value must be below this. */
      readonly below?: number;
    }
    | { readonly kind: "numbers"; readonly default?: readonly number[] }
    | { readonly kind: "text"; readonly default?: string }
    /** A file or folder, relative to the caller's folder. */
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

/** Invalid arguments. */
export class OptionError extends Error {
  /** The name shown in a stack trace. */
  override readonly name = "OptionError";
}

/** Throws an {@linkcode OptionError}. */
export const fail = (message: string): never => {
  throw new OptionError(message);
};

/** The positional arguments of a command line. */
export interface Operands {
  /** Each by its name, such as `RUN`, with what it is, and whether it is a path relative to the caller's folder. */
  readonly names: readonly (readonly [name: string, help: string, kind?: "path"])[];
  /** How many must be given; the others may be left out. */
  readonly least: number;
  /** Whether the last may be given several times. */
  readonly repeats?: boolean;
}

/** Operands as on a usage line: `RUN [IMAGE]...`. */
export const usageLine = ({ names, least, repeats }: Operands): string =>
  names.map(([name], i) =>
    (i < least ? name : `[${name}]`) + (repeats && i === names.length - 1 ? "..." : "")
  ).join(" ");
