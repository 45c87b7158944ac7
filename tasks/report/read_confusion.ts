/**
 * Reading the confusion matrix that `deno task evaluate RUN --out RUN/evaluation` has written.
 *
 * @module
 */
import { parse } from "@std/csv";
import { TaskError } from "../cli/command.ts";
import { readText } from "../schema/read_file.ts";
import type { ConfusionMatrix } from "../plots/confusion.ts";

/** Where the evaluation of a run is looked for, relative to its folder. */
export const EVALUATION = "evaluation/confusion.csv";

/** The lines of a file. Throws a {@linkcode TaskError} on another text. */
function parseLines(csv: string, file: string): string[][] {
  try {
    return parse(csv);
  } catch (cause) {
    const [why] = (cause as Error).message.split("\n");
    throw new TaskError(`${file}: expected comma-separated values; ${why}`, { cause });
  }
}

/** The columns of a file that lists what occurs in the matrix of many classes, which is not drawn. */
const OCCURRING = "class,predicted,count";

/**
 * The matrix in the lines of a file; undefined where it lists what occurs in that of many classes. Throws a
 * {@linkcode TaskError} unless it has a count for each class and prediction.
 */
export function parseConfusion(csv: string, file = EVALUATION): ConfusionMatrix | undefined {
  const [head = [], ...rows] = parseLines(csv, file), classes = head.slice(1);
  if (head.join() === OCCURRING) return undefined;
  const counts = rows.map((row) =>
    row.slice(1).map((text) => /^\d+$/.test(text) ? Number(text) : NaN)
  );
  const whole = classes.length > 0 && rows.length === classes.length &&
    counts.every((row) => row.length === classes.length && row.every(Number.isSafeInteger));
  if (whole) return { classes, counts };
  throw new TaskError(
    `${file}: expected a count for each class and prediction, as deno task evaluate writes them, found another table`,
  );
}

/** The matrix in a run's folder; undefined where it was not evaluated. */
export async function readConfusion(folder: string): Promise<ConfusionMatrix | undefined> {
  const path = `${folder}/${EVALUATION}`, csv = await readText(path);
  return csv === undefined ? undefined : parseConfusion(csv, path);
}
