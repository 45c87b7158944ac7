/**
 * Reading a file of JSON by its schema.
 *
 * @module
 */
import configuration from "../../deno.json" with { type: "json" };
import { TaskError } from "../cli/task_error.ts";
import { Mismatch } from "./mismatch.ts";
import { type ReadText, readText } from "./read_file.ts";
import type { Found, Schema } from "./schema.ts";

/** How a file is read. */
export interface ReadOptions {
  /** Whether fields may be missing, however deep. */
  readonly partial?: boolean;
  /** The version of the program that wrote the file, as far as it says. */
  readonly version?: (value: unknown) => unknown;
  /** Reads its text, if not from the disk. */
  readonly read?: ReadText;
}

/** The most objects and lists inside each other. */
const DEEPEST = 200;

/** Whether objects and lists are nested too deep to be walked or written. */
function isDeep(value: unknown): boolean {
  const open: (readonly [unknown, number])[] = [[value, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [each, depth] = next;
    if (typeof each !== "object" || each === null) continue;
    if (depth === DEEPEST) return true;
    for (const inner of Object.values(each)) open.push([inner, depth + 1]);
  }
  return false;
}

/** What a text is that is no JSON. */
function faultOf(text: string, error: unknown): string {
  if (text.trim() === "") return "an empty file";
  const { message } = error as SyntaxError, [, at] = /position (\d+)/.exec(message) ?? [];
  const isCut = /^(Unexpected end|Unterminated)/.test(message) ||
    Number(at) >= text.trimEnd().length;
  if (isCut) return "a file that is cut off";
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  return line ? `other text in line ${line}, column ${column}` : "other text";
}

/** The value of a file's text. Throws a {@linkcode TaskError} that names the file. */
export function parseJson(text: string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new TaskError(`${file}: expected JSON, found ${faultOf(text, cause)}`, { cause });
  }
  if (!isDeep(value)) return value;
  throw new TaskError(`${file}: expected at most ${DEEPEST} levels of JSON, found more`);
}

/** A hint at the other version of the program that wrote a file. */
function versionHint(version: unknown): string {
  if (typeof version !== "string" || version === configuration.version) return "";
  const shown = version.slice(0, 20).replace(/[^\w.+-]/g, "?");
  return `; version ${shown} wrote it, and this is ${configuration.version}`;
}

/** Checks a file's value. Throws a {@linkcode TaskError} that names the file and the field. */
export function parseAs<T>(
  schema: Schema<T>,
  value: unknown,
  file: string,
  { partial = false, version = () => undefined }: ReadOptions = {},
): T {
  try {
    return schema(value, { path: "", partial });
  } catch (cause) {
    if (!(cause instanceof Mismatch)) throw cause;
    const found = value === null || value === undefined ? undefined : version(value);
    throw new TaskError(`${file}: ${cause.message}${versionHint(found)}`, { cause });
  }
}

/** A file's value; undefined if there is no file. Rejects with a {@linkcode TaskError} on anything else. */
export async function readJson<T>(
  path: string,
  schema: Schema<T>,
  options: ReadOptions = {},
): Promise<T | undefined> {
  const text = await (options.read ?? readText)(path);
  return text === undefined ? undefined : parseAs(schema, parseJson(text, path), path, options);
}

/** As {@linkcode readJson} of a file whose fields may be missing, however deep. */
export const readPartial = <T>(
  path: string,
  schema: Schema<T>,
  options: Omit<ReadOptions, "partial"> = {},
): Promise<Found<T> | undefined> =>
  readJson(path, schema, { ...options, partial: true }) as Promise<Found<T> | undefined>;
