/**
 * An evaluation as text for the terminal, and as files.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { writeAtomically } from "../../../src/train/mod.ts";
import { aligned } from "../../cli/align.ts";
import { percent } from "../../cli/progress.ts";
import { type ClassRow, classRows, mistakes, type Outcome } from "./confusion.ts";

/** The most classes whose confusion matrix fits on a terminal. */
const WIDE = 20;
/** How many mistakes are listed where it does not. */
const LISTED = 20;

const shareText = (share?: number): string => share === undefined ? "-" : percent(share);

function classTable(rows: readonly ClassRow[]): string[] {
  return aligned([
    ["class", "images", "correct", "precision", "recall"],
    ...rows.map(({ class: name, count, right, precision, recall }) => [
      name,
      String(count),
      String(right),
      shareText(precision),
      shareText(recall),
    ]),
  ]);
}

function confusionTable(outcome: Outcome, names: readonly string[]): string[] {
  if (names.length > WIDE) {
    const all = mistakes(outcome);
    return [
      `mistakes, the ${Math.min(LISTED, all.length)} most frequent of ${all.length}`,
      ...aligned(
        all.slice(0, LISTED).map(([label, predicted, count]) => [
          names[label]!,
          `predicted as ${names[predicted]!}`,
          String(count),
        ]),
        2,
      ),
    ];
  }
  return [
    "confusion matrix: rows are classes, columns predictions",
    ...aligned([
      ["", ...names],
      ...outcome.confusion.map((row, label) => [names[label]!, ...row.map(String)]),
    ]),
  ];
}

/** The tables of an evaluation. */
export const outcomeText = (outcome: Outcome, names: readonly string[]): string =>
  [...classTable(classRows(outcome, names)), "", ...confusionTable(outcome, names)].join("\n");

const CLASS_COLUMNS = [
  "class",
  "count",
  "predicted",
  "right",
  "precision",
  "recall",
] as const satisfies readonly (keyof ClassRow)[];

/**
 * Writes `classes.csv`, `confusion.csv` and `evaluation.json` into a folder.
 *
 * @param about Further fields of the JSON.
 */
export async function writeOutcome(
  folder: string,
  outcome: Outcome,
  names: readonly string[],
  about: Readonly<Record<string, unknown>>,
): Promise<void> {
  const rows = classRows(outcome, names);
  const matrix = outcome.confusion.map((row, label) => [names[label], ...row]);
  const columns = ["class", ...names].map((header, prop) => ({ header, prop }));
  const write = (name: string, text: string) => writeAtomically(`${folder}/${name}`, text);
  await write(
    "classes.csv",
    stringify(rows.map((row) => ({ ...row })), { columns: CLASS_COLUMNS }),
  );
  await write("confusion.csv", stringify(matrix, { columns }));
  const all = { ...about, ...outcome, classes: rows };
  await write("evaluation.json", JSON.stringify(all, null, 2) + "\n");
}
