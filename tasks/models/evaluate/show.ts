/**
 * An evaluation as text for the terminal, and as files.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { grouped } from "../../../src/counted.ts";
import { writeFile } from "../../cli/write_file.ts";
import { aligned } from "../../cli/align.ts";
import { percent } from "../../cli/progress.ts";
import { type ClassRow, classRows, fullRow, mistakes, type Outcome } from "./confusion.ts";

/** The most classes whose confusion matrix fits on a terminal. */
const WIDE = 20;
/** How many mistakes are listed where it does not. */
const LISTED = 20;
/** The most classes in the table of classes; of more, the {@linkcode LISTED} of lowest recall are shown. */
const CLASSES = 100;
/** The most classes whose confusion matrix is written in full; of more, what occurs is listed. */
const FULL = 1000;

/** A fraction as a percentage, or a dash. */
export const shareText = (share?: number): string => share === undefined ? "-" : percent(share);

/** The classes that are shown: all, or of many those of lowest recall, which have images. */
function shownClasses(rows: readonly ClassRow[]): readonly ClassRow[] {
  if (rows.length <= CLASSES) return rows;
  return rows.filter(({ count }) => count > 0)
    .sort((a, b) => a.recall! - b.recall! || b.count - a.count).slice(0, LISTED);
}

function classTable(rows: readonly ClassRow[]): string[] {
  const shown = shownClasses(rows), unseen = rows.filter(({ count }) => count === 0).length;
  const heading = shown.length === rows.length ? [] : [
    `classes, the ${shown.length} of lowest recall of ${grouped(rows.length)}` +
    (unseen > 0 ? `, of which ${grouped(unseen)} have no image` : "") + "; --out writes all",
  ];
  return [
    ...heading,
    ...aligned([
      ["class", "images", "correct", "precision", "recall"],
      ...shown.map(({ class: name, count, right, precision, recall }) => [
        name,
        String(count),
        String(right),
        shareText(precision),
        shareText(recall),
      ]),
    ]),
  ];
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
      ...names.map((name, label) => [name, ...fullRow(outcome, label).map(String)]),
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

/** What occurs in a confusion matrix, a row each: the class, the prediction, the number of images. */
const occurring = ({ confusion }: Outcome, names: readonly string[]) =>
  confusion.flatMap((row, label) =>
    [...row].map(([predicted, count]) => [names[label]!, names[predicted]!, count] as const)
  );

/** The text of `confusion.csv`: the matrix, or of many classes what occurs in it. */
function confusionCsv(outcome: Outcome, names: readonly string[]): string {
  if (names.length > FULL) {
    const rows = occurring(outcome, names), headers = ["class", "predicted", "count"];
    return stringify(rows, { columns: headers.map((header, prop) => ({ header, prop })) });
  }
  const matrix = names.map((name, label) => [name, ...fullRow(outcome, label)]);
  return stringify(matrix, {
    columns: ["class", ...names].map((header, prop) => ({ header, prop })),
  });
}

/**
 * Writes `classes.csv`, `confusion.csv` and `evaluation.json` into a folder. Of more than 1,000 classes the
 * latter two list what occurs in the confusion matrix.
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
  const write = (name: string, text: string) => writeFile(`${folder}/${name}`, text);
  await write(
    "classes.csv",
    stringify(rows.map((row) => ({ ...row })), { columns: CLASS_COLUMNS }),
  );
  await write("confusion.csv", confusionCsv(outcome, names));
  const confusion = names.length > FULL
    ? occurring(outcome, names)
    : names.map((_, label) => fullRow(outcome, label));
  const all = { ...about, ...outcome, confusion, classes: rows };
  await write("evaluation.json", JSON.stringify(all, null, 2) + "\n");
}
