/**
 * A stand-in for `@std/cli/parse-args` with the same options and outcomes, for machines that
 * cannot reach jsr.io. Dotted names and single-letter clusters with values inside are left out.
 *
 * @module
 */
import type { Tuple } from "../../../src/tuple.ts";

/** What `parseArgs` makes: every flag by name, and the rest under `_`. */
// deno-lint-ignore no-explicit-any
export type Args = { [name: string]: any; _: (string | number)[]; "--"?: string[] };

/** How the arguments are read. */
export interface ParseOptions {
  /** Whether what stands after `--` goes to `args["--"]` rather than to `args._`. */
  "--"?: boolean;
  /** Other names of a flag. */
  alias?: Record<string, string | readonly string[]>;
  /** Flags without a value, false unless given; true means every flag with two hyphens. */
  boolean?: boolean | string | readonly string[];
  /** Values of flags that are not given. */
  default?: Record<string, unknown>;
  /** Whether everything after the first argument that is no flag goes to `args._` unread. */
  stopEarly?: boolean;
  /** Flags whose value stays a string. */
  string?: string | readonly string[];
  /** Flags that may be given more than once, and always hold an array. */
  collect?: string | readonly string[];
  /** Flags that `--no-NAME` sets to false. */
  negatable?: string | readonly string[];
  /** Called with each argument not named in the options; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

const NUMBER = /^(0x[0-9a-f]+|[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?)$/i;

const listed = (names: boolean | string | readonly string[] | undefined): readonly string[] =>
  typeof names === "string" ? [names] : Array.isArray(names) ? names : [];

class Reader {
  readonly args: Args = { _: [] };
  readonly #options: ParseOptions;
  readonly #names = new Map<string, readonly string[]>();
  readonly boolean: ReadonlySet<string>;
  readonly string: ReadonlySet<string>;
  readonly collect: ReadonlySet<string>;
  readonly negatable: ReadonlySet<string>;

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [name, alias] of Object.entries(options.alias ?? {})) {
      const all = [name, ...listed(alias)];
      for (const each of all) this.#names.set(each, all);
    }
    const spread = (names: Parameters<typeof listed>[0]) =>
      new Set(listed(names).flatMap((name) => this.namesOf(name)));
    this.boolean = spread(options.boolean);
    this.string = spread(options.string);
    this.collect = spread(options.collect);
    this.negatable = spread(options.negatable);
  }

  namesOf(name: string): readonly string[] {
    return this.#names.get(name) ?? [name];
  }

  set(name: string, found: string | boolean, arg: string, collects = true): void {
    const known = this.boolean.has(name) || this.string.has(name) || this.#names.has(name) ||
      (this.#options.boolean === true && /^--[^=]+$/.test(arg));
    if (!known && this.#options.unknown?.(arg, name, found) === false) return;
    const value = typeof found === "string" && !this.string.has(name) && NUMBER.test(found)
      ? Number(found)
      : found;
    for (const each of this.namesOf(name)) {
      const before = this.args[each];
      this.args[each] = !collects || !this.collect.has(each)
        ? value
        : Array.isArray(before)
        ? [...before, value]
        : [value];
    }
  }

  rest(arg: string): void {
    if (this.#options.unknown?.(arg) === false) return;
    this.args._.push(this.string.has("_") || !NUMBER.test(arg) ? arg : Number(arg));
  }

  /** Reads one flag; whether it took the next argument as its value. */
  flag(name: string, arg: string, next: string | undefined, inline: string | undefined): boolean {
    const boolean = this.boolean.has(name) ||
      (this.#options.boolean === true && arg.startsWith("--"));
    if (inline !== undefined) {
      this.set(name, this.boolean.has(name) ? inline !== "false" : inline, arg);
      return false;
    }
    if (next !== undefined && next !== "" && !next.startsWith("-") && !boolean) {
      this.set(name, next, arg);
      return true;
    }
    if (next === "true" || next === "false") {
      this.set(name, next === "true", arg);
      return true;
    }
    this.set(name, this.string.has(name) ? "" : true, arg);
    return false;
  }

  fill(): Args {
    for (const [name, value] of Object.entries(this.#options.default ?? {})) {
      if (!Object.hasOwn(this.args, name)) {
        for (const each of this.namesOf(name)) this.args[each] = value;
      }
    }
    for (const name of this.boolean) {
      if (!Object.hasOwn(this.args, name)) this.args[name] = this.collect.has(name) ? [] : false;
    }
    for (const name of this.collect) {
      if (!Object.hasOwn(this.args, name)) this.args[name] = [];
    }
    return this.args;
  }
}

/** Reads command-line arguments: `--name value`, `--name=value`, `--flag`, `--no-flag`, `-f`. */
export function parseArgs(given: string[], options: ParseOptions = {}): Args {
  const reader = new Reader(options);
  const end = given.indexOf("--");
  const args = end < 0 ? given : given.slice(0, end);
  const after = end < 0 ? [] : given.slice(end + 1);
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!, next: string | undefined = args[i + 1];
    const [, name, inline] = /^--(.+?)(?:=([^]+))?$/.exec(arg) ?? [];
    if (name !== undefined) {
      const denied = name.startsWith("no-") ? name.slice(3) : "";
      if (inline === undefined && reader.negatable.has(denied)) {
        reader.set(denied, false, arg, false);
      } else if (reader.flag(name, arg, next, inline)) i++;
    } else if (/^-[^-]/.test(arg)) {
      const [letters, value] = arg.slice(1).split(/=([^]+)/) as Tuple<string, 2>;
      for (const letter of letters.slice(0, -1)) {
        reader.set(letter, reader.string.has(letter) ? "" : true, arg);
      }
      if (reader.flag(letters.slice(-1), arg, next, value)) i++;
    } else {
      reader.rest(arg);
      if (options.stopEarly) {
        reader.args._.push(...args.slice(i + 1));
        break;
      }
    }
  }
  if (options["--"]) reader.args["--"] = [...after];
  else reader.args._.push(...after);
  return reader.fill();
}
