/**
 * The lead of a report, below its title.
 *
 * @module
 */
import { PROCEDURAL } from "../../../src/data/catalogue/procedural.ts";
import type { Results } from "../results.ts";
import { progressText } from "./result_cell.ts";

const isProcedural = ({ facts, cells }: Results): boolean =>
  facts.some(([name, value]) => name === "Data set" && value === PROCEDURAL.name) ||
  cells.some(({ run }) => run?.manifest.settings?.dataset === PROCEDURAL.name);

function describeRun({ cells }: Results): string {
  const { row, column, seed, run } = cells[0]!;
  const { status, started } = run?.manifest ?? {};
  return `${column}, from ${row}, seed ${seed}${status ? `: ${status}` : ""}` +
    `${started ? `, started ${started.slice(0, 16).replace("T", " at ")} UTC` : ""}.`;
}

/** The lead: the question, and how many runs are done. */
export const leadParagraphs = (results: Results): readonly string[] => [
  ...(results.question ? [results.question] : []),
  ...(isProcedural(results) ? ["On images that a program draws, not on the paper's data."] : []),
  results.kind === "run" ? describeRun(results) : `${progressText(results)}.`,
];
