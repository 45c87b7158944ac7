/**
 * Reading the files of bench/results.
 *
 * @module
 */
import { TaskError } from "../../tasks/cli/mod.ts";
import { readJson } from "../../tasks/schema/read_json.ts";
import type { Schema } from "../../tasks/schema/schema.ts";
import { ROOT } from "./records.ts";

/** The content of a file by its name without `.json`. Rejects with a {@linkcode TaskError} where there is none. */
export async function readBench<T>(name: string, schema: Schema<T>): Promise<T> {
  const found = await readJson(`${ROOT}bench/results/${name}.json`, schema);
  if (found) return found;
  throw new TaskError(`expected bench/results/${name}.json, found none`);
}
