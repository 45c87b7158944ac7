/**
 * The lead of a report, below its title.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import { findDataset, isDrawn } from "../../datasets/registry.ts";
import type { Results } from "../results.ts";
import { progressText } from "./result_cell.ts";

/** Whether a program draws the data set of a name. */
function isDrawnSet(name: unknown): boolean {
  const known = findDataset(String(name));
  return known !== undefined && isDrawn(known.name);
}

/** A sentence where images are drawn by a program, and in how many of the runs. */
function drawnText({ facts, cells }: Results): readonly string[] {
  if (facts.some(([name, value]) => name === "Data set" && isDrawnSet(value))) {
    return ["On images that a program draws, not on the paper's data."];
  }
  const known = cells.flatMap(({ run }) => run?.manifest.settings?.dataset ?? []);
  const drawn = known.filter(isDrawnSet).length;
  if (drawn === 0) return [];
  if (drawn === known.length) return ["On images that a program draws, not on the paper's data."];
  return [
    `${drawn} of ${counted(known.length, "run")} ${drawn === 1 ? "is" : "are"} on images that a ` +
    "program draws, not on the paper's data.",
  ];
}

/** What several runs have in common, or that their numbers are not comparable. */
function mixtureText({ kind, columns }: Results): readonly string[] {
  if (kind !== "runs") return [];
  if (columns.length === 1) return [`All on ${columns[0]}.`];
  return [
    "The columns differ in data, net or activation, so that numbers of one do not compare with those of " +
    `another: ${columns.join("; ")}.`,
  ];
}

function describeRun({ cells }: Results): string {
  const { row, column, seed, run } = cells[0]!;
  const { status, started } = run?.manifest ?? {};
  return `${column}, from ${row}, seed ${seed}${status ? `: ${status}` : ""}` +
    `${started ? `, started ${started.slice(0, 16).replace("T", " at ")} UTC` : ""}.`;
}

/** The lead: the question, and how many runs are done. */
export const leadParagraphs = (results: Results): readonly string[] => [
  ...(results.question ? [results.question] : []),
  ...mixtureText(results),
  ...drawnText(results),
  results.kind === "run" ? describeRun(results) : `${progressText(results)}.`,
];
