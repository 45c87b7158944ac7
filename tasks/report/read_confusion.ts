/**
 * Reading the confusion matrix that `deno task evaluate RUN --out RUN/evaluation` has written.
 *
 * @module
 */
import { parse } from "@std/csv";
import type { ConfusionMatrix } from "../plots/confusion.ts";

/** Where the evaluation of a run is looked for, relative to its folder. */
export const EVALUATION = "evaluation/confusion.csv";

/** The matrix in the lines of a file; undefined unless it has a count for each class and prediction. */
export function parseConfusion(csv: string): ConfusionMatrix | undefined {
  const [head = [], ...rows] = parse(csv), classes = head.slice(1);
  const counts = rows.map((row) => row.slice(1).map(Number));
  const whole = classes.length > 0 && rows.length === classes.length &&
    counts.every((row) =>
      row.length === classes.length &&
      row.every((count) => Number.isSafeInteger(count) && count >= 0)
    );
  return whole ? { classes, counts } : undefined;
}

/** The matrix in a run's folder; undefined where it was not evaluated. */
export async function readConfusion(folder: string): Promise<ConfusionMatrix | undefined> {
  const csv = await Deno.readTextFile(`${folder}/${EVALUATION}`).catch(() => undefined);
  return csv === undefined ? undefined : parseConfusion(csv);
}
