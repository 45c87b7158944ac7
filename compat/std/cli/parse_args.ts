/**
 * A stand-in for `@std/cli/parse-args` with the same options, types and outcomes, for machines that cannot
 * reach jsr.io. Names with dots nest values as there, but are not typed.
 *
 * @module
 */
import type { Aliases, Flags, Listed, Name } from "./flags.ts";

/** The result of `parseArgs`: every flag by name, and positional arguments under `_`. */
export type Args<
  // deno-lint-ignore no-explicit-any
  TArgs extends Record<string, unknown> = Record<string, any>,
  TDoubleDash extends boolean | undefined = undefined,
> =
  & TArgs
  & { _: (string | number)[] }
  & (boolean extends TDoubleDash ? { "--"?: string[] }
    : true extends TDoubleDash ? { "--": string[] }
    : unknown);

/** Options of `parseArgs`. */
export interface ParseOptions<
  TBooleans extends boolean | Name = boolean | Name,
  TStrings extends Name = Name,
  TCollectable extends Name = Name,
  TNegatable extends Name = Name,
  TDefault extends Record<string, unknown> | undefined = Record<string, unknown> | undefined,
  TAliases extends Aliases | undefined = Aliases | undefined,
  TDoubleDash extends boolean | undefined = boolean | undefined,
> {
  /** Whether arguments after `--` go to `args["--"]` rather than to `args._`. */
  "--"?: TDoubleDash;
  /** Aliases of flags. */
  alias?: TAliases;
  /** Flags without a value, false unless given; true means every flag with two hyphens. */
  boolean?: Listed<TBooleans>;
  /** Default values. */
  default?: TDefault;
  /** Whether everything after the first positional argument goes to `args._` unparsed. */
  stopEarly?: boolean;
  /** Flags whose value stays a string. */
  string?: Listed<TStrings>;
  /** Flags that may be given more than once, and always hold an array. */
  collect?: Listed<TCollectable>;
  /** Flags that `--no-NAME` sets to false. */
  negatable?: Listed<TNegatable>;
  /** Called with each argument not named in the options; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type Value = string | number | boolean;
type Nested = { [name: string]: unknown };

const ENDS_IN_NUMBER = /-?\d+(\.\d*)?(e-?\d+)?$/;

const isNumber = (text: string): boolean => /\S/.test(text) && Number.isFinite(Number(text));
const isTruth = (text: string | undefined): text is "true" | "false" =>
  text === "true" || text === "false";
const listed = (names: unknown): readonly string[] =>
  (Array.isArray(names) ? names : [names]).filter((name) => typeof name === "string" && name);

class Reader {
  readonly args: Args = { _: [] };
  readonly #options: ParseOptions;
  readonly #others = new Map<string, readonly string[]>();
  readonly boolean: ReadonlySet<string>;
  readonly string: ReadonlySet<string>;
  readonly collect: ReadonlySet<string>;
  readonly negatable: ReadonlySet<string>;

  constructor(options: ParseOptions) {
    this.#options = options;
    for (const [name, alias] of Object.entries(options.alias ?? {})) {
      if (alias === undefined) throw new TypeError("Alias value must be defined");
      const all = [name, ...listed(alias)];
      for (const each of all) this.#others.set(each, all.filter((other) => other !== each));
    }
    const spread = (names: unknown) =>
      new Set(listed(names).flatMap((name) => [name, ...this.#others.get(name) ?? []]));
    this.boolean = spread(options.boolean);
    this.string = spread(options.string);
    this.collect = spread(options.collect);
    this.negatable = spread(options.negatable);
  }

  /** The object that holds a dotted name, created if missing, and the name's last part. */
  #place(name: string): readonly [Nested, string] {
    const parts = name.split("."), last = parts.pop()!;
    return [parts.reduce<Nested>((at, part) => (at[part] ??= {}) as Nested, this.args), last];
  }

  #has(name: string): boolean {
    let at: unknown = this.args;
    for (const part of name.split(".")) {
      if (at === null || at === undefined || !Object.hasOwn(at, part)) return false;
      at = (at as Nested)[part];
    }
    return true;
  }

  #put(name: string, value: unknown, collects = false): void {
    const [at, last] = this.#place(name), before = at[last];
    if (!collects) at[last] = value;
    else if (Array.isArray(before)) before.push(value);
    else at[last] = before ? [before, value] : [value];
  }

  set(name: string, found: string | boolean, arg: string, collects = true): void {
    const known = this.boolean.has(name) || this.string.has(name) || this.#others.has(name) ||
      (this.#options.boolean === true && /^--[^=]+$/.test(arg));
    if (!known && this.#options.unknown?.(arg, name, found) === false) return;
    const isPlain = typeof found === "boolean" || this.string.has(name) || !isNumber(found);
    const value: Value = isPlain ? found : Number(found), many = collects && this.collect.has(name);
    for (const each of [name, ...this.#others.get(name) ?? []]) this.#put(each, value, many);
  }

  rest(arg: string): void {
    if (this.#options.unknown?.(arg) === false) return;
    this.args._.push(this.string.has("_") || !isNumber(arg) ? arg : Number(arg));
  }

  /** Parses a flag whose value, if any, is the next argument; returns whether it consumed that. */
  #flag(name: string, arg: string, next: string | undefined, takes: boolean): boolean {
    if (next && takes && !this.boolean.has(name)) this.set(name, next, arg);
    else if (isTruth(next)) this.set(name, next === "true", arg);
    else {
      this.set(name, this.string.has(name) ? "" : true, arg);
      return false;
    }
    return true;
  }

  /** Parses `--name`; returns whether it consumed the next argument. */
  long(arg: string, next: string | undefined): boolean {
    const [, no = "", bare = "", inline] = /^--(no-)?([^]+?)(?:=([^]+))?$/.exec(arg) ?? [];
    if (inline !== undefined) {
      this.set(bare, this.boolean.has(bare) ? inline !== "false" : inline, arg);
      return false;
    }
    if (no && this.negatable.has(bare)) {
      this.set(bare, false, arg, false);
      return false;
    }
    const name = no + bare;
    const takes = this.#options.boolean !== true && !next?.startsWith("-");
    return this.#flag(name, arg, next, takes);
  }

  /** Parses `-abc`, `-n5`, `-n=5`; returns whether the last letter consumed the next argument. */
  short(arg: string, next: string | undefined): boolean {
    for (let i = 1; i < arg.length - 1; i++) {
      const letter = arg[i]!, behind = arg.slice(i + 1);
      const inline = !/[A-Za-z]/.test(letter)
        ? undefined
        : /=(.+)/.exec(behind)?.[1] ?? (ENDS_IN_NUMBER.test(behind) ? behind : undefined);
      const value = inline ?? (i + 2 < arg.length && /\W/.test(arg[i + 1]!) ? behind : undefined);
      if (behind === "-") this.set(letter, "-", arg);
      else if (value !== undefined) {
        this.set(letter, value, arg);
        return false;
      } else this.set(letter, this.string.has(letter) ? "" : true, arg);
    }
    const last = arg.slice(-1);
    return last !== "-" && this.#flag(last, arg, next, !/^--?[^-]/.test(next ?? ""));
  }

  fill(): Args {
    for (const [name, value] of Object.entries(this.#options.default ?? {})) {
      if (this.#has(name)) continue;
      for (const each of [name, ...this.#others.get(name) ?? []]) this.#put(each, value);
    }
    for (const name of this.boolean) {
      if (!this.#has(name)) this.#put(name, this.collect.has(name) ? [] : false);
    }
    for (const name of this.string) {
      if (!this.#has(name) && this.collect.has(name)) this.#put(name, []);
    }
    return this.args;
  }
}

/** Parses command-line arguments: `--name value`, `--name=value`, `--flag`, `--no-flag`, `-f`. */
export function parseArgs<
  TArgs extends Flags<TBooleans, TStrings, TCollectable, TNegatable, TDefaults, TAliases>,
  TDoubleDash extends boolean | undefined = undefined,
  TBooleans extends boolean | Name = undefined,
  TStrings extends Name = undefined,
  TCollectable extends Name = undefined,
  TNegatable extends Name = undefined,
  TDefaults extends Record<string, unknown> | undefined = undefined,
  const TAliases extends Aliases | undefined = undefined,
>(
  args: string[],
  options?: ParseOptions<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TAliases,
    TDoubleDash
  >,
): Args<TArgs, TDoubleDash> {
  const reader = new Reader((options ?? {}) as ParseOptions), end = args.indexOf("--");
  const read = end < 0 ? args : args.slice(0, end), after = end < 0 ? [] : args.slice(end + 1);
  for (let i = 0; i < read.length; i++) {
    const arg = read[i]!, next = read[i + 1];
    if (/^--./.test(arg)) i += Number(reader.long(arg, next));
    else if (/^-[^]/.test(arg)) i += Number(reader.short(arg, next));
    else {
      reader.rest(arg);
      if (options?.stopEarly) {
        reader.args._.push(...read.slice(i + 1));
        break;
      }
    }
  }
  const found = reader.fill();
  if (options?.["--"]) found["--"] = after;
  else found._.push(...after);
  return found as Args<TArgs, TDoubleDash>;
}
