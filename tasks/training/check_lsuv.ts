/**
 * Whether LSUV has found numbers that it can scale.
 *
 * @module
 */
import type { ReportRow } from "../../src/init/mod.ts";
import { TaskError } from "../cli/task_error.ts";

/** Throws a {@linkcode TaskError} that names the first layer whose variance is not finite. */
export function checkLsuv(rows: readonly ReportRow[]): void {
  const found = rows.find(({ after, uncovered }) => !uncovered && !Number.isFinite(after));
  if (!found) return;
  const { name, piece, after } = found;
  throw new TaskError(
    `--init lsuv: expected a finite variance of each layer's output, found ${after} of ${name}, piece ` +
      `${piece}; no weights were scaled: images, or initial weights of --std or --layer-stds, are not finite ` +
      "or too large",
  );
}
