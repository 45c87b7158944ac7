/**
 * Schemas of what files hold: functions that check a value and return it as its type. A file that the program
 * reads back is parsed by one of them, so that a damaged one ends in a line which names the field.
 *
 * @module
 */
import { fitsFloat32, isMeasured, isWithin, type Range, rangeText } from "../cli/range.ts";
import { Mismatch } from "./mismatch.ts";

/** Where a value stands in a file. */
export interface Place {
  /** Such as `settings.loss` or `cells[3].seed`; empty for the whole. */
  readonly path: string;
  /** Whether fields of objects may be missing, however deep. */
  readonly partial: boolean;
}

/** Checks a value; undefined for one that is missing. Throws a {@linkcode Mismatch}. */
export type Schema<T> = (value: unknown, at: Place) => T;

/** Any of a value's fields, however deep, as of a file that is incomplete. */
export type Found<T> = T extends readonly (infer E)[] ? readonly Found<E>[]
  : T extends object ? { readonly [K in keyof T]?: Found<T[K]> }
  : T;

/** Throws what a place was expected to hold. */
const fail = ({ path }: Place, expected: string, found: unknown): never => {
  throw new Mismatch(path, expected, found);
};

/** A text. */
export const text: Schema<string> = (value, at) =>
  typeof value === "string" ? value : fail(at, "a text", value);

/** True or false. */
export const flag: Schema<boolean> = (value, at) =>
  typeof value === "boolean" ? value : fail(at, "true or false", value);

/** A finite number that fits a 32-bit float, in a range. */
export const number = (range: Range = {}): Schema<number> => (value, at) =>
  typeof value === "number" && fitsFloat32(value, range)
    ? value
    : fail(at, rangeText("number", range, value), value);

/** An integer in a range. */
export const integer = (range: Range = {}): Schema<number> => (value, at) =>
  typeof value === "number" && Number.isSafeInteger(value) && isWithin(value, range)
    ? value
    : fail(at, rangeText("integer", range, value), value);

/** A number that was measured: JSON has null for one that is not finite, which becomes NaN. */
export const measured: Schema<number> = (value, at) =>
  value === null
    ? NaN
    : typeof value === "number" && isMeasured(value)
    ? value
    : fail(at, "a number of 32 bits, or null for one that is not finite", value);

/** A number or one of several values. */
export const numberOr =
  <const T extends string = never>(...choices: readonly T[]): Schema<number | T> => (value, at) => {
    if (typeof value === "number") return value;
    const found = choices.find((each) => each === value);
    return found ?? fail(at, ["a number", ...choices].join(" or "), value);
  };

/** One of several values. */
export const choice =
  <const T extends string | number>(...choices: readonly T[]): Schema<T> => (value, at) => {
    const found = choices.find((each) => each === value);
    if (found !== undefined) return found;
    const [only, ...others] = choices;
    return fail(at, others.length > 0 ? `one of ${choices.join(", ")}` : `${only}`, value);
  };

/** A text of a form, which is said in words. */
export const pattern = <T extends string>(form: RegExp, words: string): Schema<T> => (value, at) =>
  typeof value === "string" && form.test(value) ? value as T : fail(at, words, value);

/** What may be missing. */
export const optional = <T>(schema: Schema<T>): Schema<T | undefined> => (value, at) =>
  value === undefined ? undefined : schema(value, at);

/** What may be null. */
export const nullable = <T>(schema: Schema<T>): Schema<T | null> => (value, at) =>
  value === null ? null : schema(value, at);

/** A list. */
export const list = <T>(schema: Schema<T>): Schema<readonly T[]> => (value, at) =>
  Array.isArray(value)
    ? value.map((each, i) => schema(each, { ...at, path: `${at.path}[${i}]` }))
    : fail(at, "a list", value);

/** A list of two. */
export const pair =
  <A, B>(first: Schema<A>, second: Schema<B>): Schema<readonly [A, B]> => (value, at) => {
    if (!Array.isArray(value) || value.length !== 2) return fail(at, "a list of two", value);
    const place = (i: number) => ({ ...at, path: `${at.path}[${i}]` });
    return [first(value[0], place(0)), second(value[1], place(1))];
  };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The place of a field. */
const fieldOf = (at: Place, name: string): Place => {
  const [dot, bracket] = [at.path === "" ? name : `${at.path}.${name}`, JSON.stringify(name)];
  return { ...at, path: /^[\w-]+$/.test(name) ? dot : `${at.path}[${bracket}]` };
};

/** What may be incomplete: fields of its objects may be missing, however deep. */
export const partial = <T>(schema: Schema<T>): Schema<Found<T>> => (value, at) =>
  schema(value, { ...at, partial: true }) as Found<T>;

/** An object of any names whose values have one schema. */
export const record = <T>(schema: Schema<T>): Schema<Readonly<Record<string, T>>> => (value, at) =>
  isObject(value)
    ? Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, schema(each, fieldOf(at, name))]),
    )
    : fail(at, "an object", value);

/** The fields of an object, a schema for each; those that may be missing have one that says so. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? Schema<T[K] | undefined>
    : Schema<T[K]>;
};

/** An object with some fields; others, such as those of later versions, are kept as they are. */
export const object = <T extends object>(fields: Fields<T>): Schema<T> => (value, at) => {
  if (!isObject(value)) return fail(at, "an object", value);
  const read = Object.entries<Schema<unknown>>(fields).flatMap(([name, schema]) => {
    const found = value[name];
    if (found === undefined && at.partial) return [];
    const parsed = schema(found, fieldOf(at, name));
    return parsed === undefined ? [] : [[name, parsed] as const];
  });
  return { ...value, ...Object.fromEntries(read) } as T;
};

/** One of several kinds of object, told apart by a field. */
export const variant = <T extends object>(
  name: keyof T & string,
  kinds: Readonly<Record<string, Schema<T>>>,
): Schema<T> =>
(value, at) => {
  if (!isObject(value)) return fail(at, "an object", value);
  const kind = value[name];
  if (typeof kind === "string" && Object.hasOwn(kinds, kind)) return kinds[kind]!(value, at);
  return fail(fieldOf(at, name), `one of ${Object.keys(kinds).join(", ")}`, kind);
};

/** Anything: a field that is only passed on. */
export const anything: Schema<unknown> = (value) => value;
