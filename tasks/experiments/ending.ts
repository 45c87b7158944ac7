/**
 * The manifest of a run of an experiment.
 *
 * @module
 */
import { TaskError } from "../cli/command.ts";
import { RUN_FILES } from "../run/files.ts";
import type { Manifest } from "../run/manifest.ts";
import { readWholeManifest } from "../run/read_manifest.ts";

/**
 * A run's manifest so far; undefined where the run has not started. Rejects with a {@linkcode TaskError} on a
 * damaged one, and on one of a finished run without its last epoch.
 */
export async function readEnding(path: string): Promise<Manifest | undefined> {
  const manifest = await readWholeManifest(path);
  if (manifest?.status !== "finished" || manifest.results?.lastEpoch) return manifest;
  throw new TaskError(
    `${path}/${RUN_FILES.manifest}: results.lastEpoch: expected the last epoch of a finished run, found nothing`,
  );
}
