/**
 * The findings of an experiment, from the folders of its runs.
 *
 * @module
 */
import { readRun } from "../../run/read_run.ts";
import type { Description } from "../description.ts";
import type { ExperimentRecord } from "../record.ts";
import type { EndedRun, Finding } from "./finding.ts";
import { measureOverhead } from "./overhead.ts";
import { measurePlateau } from "./plateau.ts";
import { measureReach } from "./reach.ts";

export { type Finding, findingText, valueText } from "./finding.ts";

/** The runs that have ended, with the content of their folders. */
export const readEnded = (out: string, { cells }: ExperimentRecord): Promise<EndedRun[]> =>
  Promise.all(
    cells.filter(({ status }) => status === "done" || status === "n/c")
      .map(async ({ row, column, seed, run }) => (
        { row, column, seed, run: await readRun(`${out}/${run}`, run) }
      )),
  );

/** What a description asks for beside accuracies, as far as runs have ended. */
export function measureFindings(
  { overhead, plateau, reach }: Pick<Description, "overhead" | "plateau" | "reach">,
  record: ExperimentRecord,
  runs: readonly EndedRun[],
): readonly Finding[] {
  return [
    ...(overhead ? [measureOverhead(overhead, record.columns, runs)] : []),
    ...(plateau ? [measurePlateau(plateau, record, runs)] : []),
    ...(reach ? [measureReach(reach, record, runs)] : []),
  ];
}
