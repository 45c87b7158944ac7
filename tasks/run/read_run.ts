/**
 * Reads a run's folder. A missing file is reported in the run; one that cannot be read is an error.
 *
 * @module
 */
import { readCsv } from "./csv.ts";
import { type ReadText, readText } from "../schema/read_file.ts";
import type { FoundManifest } from "./manifest.ts";
import { readManifest } from "./read_manifest.ts";
import {
  type EpochRow,
  EPOCHS,
  type LayerRow,
  LAYERS,
  LSUV,
  type LsuvRow,
  type StepRow,
  STEPS,
} from "./tables.ts";

/** The content of a run's folder. */
export interface Run {
  /** The folder's name, relative to the results' folder. */
  readonly name: string;
  readonly manifest: FoundManifest;
  readonly epochs: readonly EpochRow[];
  readonly lsuv: readonly LsuvRow[];
  readonly layers: readonly LayerRow[];
  /** The training loss by step, of a run that records it. */
  readonly steps: readonly StepRow[];
  /** What is missing, a line each. */
  readonly missing: readonly string[];
}

/**
 * Reads the run at `path`, which the results call `name`.
 *
 * @param read Reads the text of its files, if not from the disk.
 */
export async function readRun(
  path: string,
  name: string,
  read: ReadText = readText,
): Promise<Run> {
  const manifest = await readManifest(path, read);
  const epochs = await readCsv(EPOCHS, path, read);
  const lsuv = await readCsv(LSUV, path, read);
  const layers = await readCsv(LAYERS, path, read);
  const steps = await readCsv(STEPS, path, read);
  const byLsuv = manifest?.settings?.init === "lsuv";
  return {
    name,
    manifest: manifest ?? {},
    epochs: epochs ?? [],
    lsuv: lsuv ?? [],
    layers: layers ?? [],
    steps: steps ?? [],
    missing: [
      ...(manifest ? [] : [`${name}: no manifest.json, so its settings and data are not known`]),
      ...(epochs?.length ? [] : [`${name}: no epochs.csv, or none of its epochs has ended`]),
      ...(byLsuv && !lsuv && !layers ? [`${name}: neither lsuv.csv nor layers.csv`] : []),
    ],
  };
}
