/**
 * Reading a record as if it were the folder of results that it was made of.
 *
 * @module
 */
import { RUN_FILES } from "../../run/files.ts";
import { type ReadText, readText } from "../../schema/read_file.ts";
import { readJson } from "../../schema/read_json.ts";
import { anything, record } from "../../schema/schema.ts";
import { RECORD_FILES, splitTable, TABLE_NAMES } from "./tables.ts";

/** The runs of a record. */
export interface Recorded {
  /** The names of the runs. */
  readonly names: readonly string[];
  /** Reads a file of a run by its path in the folder that the record was made of. */
  readonly read: ReadText;
}

const MANIFESTS = record(anything);

/** The runs of the record in a folder; undefined where there is none. */
export async function readRecorded(folder: string): Promise<Recorded | undefined> {
  const manifests = await readJson(`${folder}/${RECORD_FILES.runs}`, MANIFESTS);
  if (!manifests) return undefined;
  const texts = new Map(
    Object.entries(manifests).map(([run, manifest]) => [
      `${run}/${RUN_FILES.manifest}`,
      JSON.stringify(manifest),
    ]),
  );
  for (const name of TABLE_NAMES) {
    const file = `${folder}/${RECORD_FILES[name]}`, text = await readText(file);
    if (text === undefined) continue;
    for (const [path, own] of splitTable(name, text, file)) texts.set(path, own);
  }
  const start = `${folder}/`.length;
  return {
    names: Object.keys(manifests),
    read: (path) => Promise.resolve(texts.get(path.slice(start))),
  };
}
