/**
 * The whitening of a net's images goes with its weights from file to file.
 *
 * @module
 */
import { writeFile } from "../cli/write_file.ts";
import { TaskError } from "../cli/command.ts";
import { readWhitening } from "../datasets/whitening_file.ts";
import { whiteningOf } from "../models/inputs.ts";
import type { ModelSpec } from "../models/model.ts";

/** A net, and the path of its weights. */
interface Weighted {
  readonly path: string;
  readonly model: ModelSpec;
}

/** Throws a {@linkcode TaskError} where another whitening is at a path. Returns whether the same one is. */
async function isThere(path: string, sha256: string): Promise<boolean> {
  const there = await readWhitening(path);
  if (there && there.sha256 !== sha256) {
    throw new TaskError(
      `${path}: expected no whitening of another net beside the new weights, found one`,
    );
  }
  return there !== undefined;
}

/**
 * Copies the whitening that a net's images need. Rejects with a {@linkcode TaskError} where it is missing,
 * and where another one is in its place.
 *
 * @param to The path of the copy.
 * @returns The paths of the files written: one, or none.
 */
export async function copyWhitening(
  { path, model }: Weighted,
  to: string,
): Promise<readonly string[]> {
  if (model.whitening === undefined) return [];
  const { bytes } = await whiteningOf(path, model.whitening);
  if (!await isThere(to, model.whitening)) await writeFile(to, bytes);
  return [to];
}
