/**
 * Writing the record of results: small enough to be kept with the sources, and whole enough to report from.
 *
 * @module
 */
import { makeFolder } from "../../cli/output_paths.ts";
import { writeFile } from "../../cli/write_file.ts";
import type { StoredRecord } from "../../experiments/read_record.ts";
import { recordPath } from "../../experiments/record.ts";
import type { Run } from "../../run/read_run.ts";
import type { Results } from "../results.ts";
import { joinTables, RECORD_FILES, TABLE_NAMES } from "./tables.ts";
import { thinManifest, thinTables, withoutPaths } from "./thin.ts";

/** JSON without paths, with a line for each field of the first level, and for each member of a list there. */
function jsonLines(value: object): string {
  const write = (each: unknown) =>
    JSON.stringify(each, (_, inner) => typeof inner === "string" ? withoutPaths(inner) : inner);
  const line = ([name, field]: readonly [string, unknown]) =>
    Array.isArray(field)
      ? `${JSON.stringify(name)}: [\n${field.map((each) => write(each)).join(",\n")}\n]`
      : `${JSON.stringify(name)}: ${write(field)}`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{\n${fields.map(line).join(",\n")}\n}\n`;
}

/** The description of an experiment, whose runs' settings are in their manifests. */
const thinExperiment = ({ cells, ...record }: StoredRecord): object => ({
  ...record,
  cells: cells.map(({ settings: _, ...cell }) => cell),
});

/** Writes the manifests and tables of runs, or removes a table that none of them has. */
async function writeRuns(folder: string, runs: readonly Run[]): Promise<void> {
  const manifests = Object.fromEntries(runs.map((run) => [run.name, thinManifest(run.manifest)]));
  await writeFile(`${folder}/${RECORD_FILES.runs}`, jsonLines(manifests));
  const tables = runs.map((run) => [run.name, thinTables(run)] as const);
  for (const name of TABLE_NAMES) {
    const path = `${folder}/${RECORD_FILES[name]}`;
    const text = joinTables(name, new Map(tables.map(([run, all]) => [run, all[name]])));
    if (text !== undefined) await writeFile(path, text);
    else await Deno.remove(path).catch(() => {});
  }
}

/**
 * Writes the record of results. That of an experiment is replaced; single runs are added to those that a record
 * has, and replace those of the same names.
 *
 * @param experiment The description of the experiment, if they are of one.
 * @param kept The results that the record holds so far.
 */
export async function writeRecorded(
  folder: string,
  results: Pick<Results, "cells">,
  experiment?: StoredRecord,
  kept?: Results,
): Promise<void> {
  await makeFolder(folder, "--as");
  if (experiment) await writeFile(recordPath(folder), jsonLines(thinExperiment(experiment)));
  const runs = new Map(
    [...(experiment ? [] : kept?.cells ?? []), ...results.cells].flatMap(({ run }) =>
      run ? [[run.name, run]] : []
    ),
  );
  await writeRuns(folder, [...runs.values()]);
}
