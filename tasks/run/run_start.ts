/**
 * The folder of a run as it begins, or goes on.
 *
 * @module
 */
import type { PreparedSplits } from "../../src/data/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { findCheckpoint, type FoundCheckpoint } from "../../src/train/mod.ts";
import type { Origin } from "../datasets/data_source.ts";
import { environmentOf } from "./environment.ts";
import type { Fields } from "../models/fields.ts";
import { OptionError } from "../cli/options.ts";
import { checkData, type Earlier } from "./resume.ts";
import { RunFolder } from "./run_folder.ts";
import type { Settings } from "./settings.ts";

/** What a run is. */
export interface Run {
  readonly run: Runtime;
  readonly settings: Settings;
  readonly splits: PreparedSplits;
  readonly origin: Origin;
  readonly model: Fields;
  /** The command line. */
  readonly command: readonly string[];
  readonly started: Date;
}

/** A run's folder, and what there is to go on from in it. */
export interface Started {
  readonly folder: RunFolder;
  /** Absent in a new run. */
  readonly resume?: FoundCheckpoint;
}

async function manifestOf({ run, settings, splits, origin, model, command, started }: Run) {
  const { mean: _, ...shown } = model;
  return {
    ...await environmentOf(command, splits, origin),
    started: started.toISOString(),
    device: { name: run.device, description: run.description },
    seed: settings.seed,
    settings,
    model: shown,
  };
}

/** Makes the folder of a new run, and writes its manifest. */
export async function begin(at: Run, path: string): Promise<Started> {
  const folder = await RunFolder.create(path, at.settings.dataset);
  await folder.manifest({ status: "running", ...await manifestOf(at) });
  return { folder };
}

/** Goes on with a run: its manifest says so, and no longer how it ended. */
export async function goOn(at: Run, { path, manifest, longer }: Earlier): Promise<Started> {
  const { data, program, deno, system, command, folder: from, started, device } = await manifestOf(
    at,
  );
  checkData(path, manifest, data);
  const folder = RunFolder.again(path, at.settings.dataset, { ...manifest });
  const resume = await findCheckpoint(folder.checkpoints), step = resume.checkpoint?.step ?? 0;
  if (longer && manifest.status === "finished" && !resume.checkpoint) {
    throw new OptionError(
      `--epochs: expected a whole checkpoint in ${folder.checkpoints} to go on from, found none`,
    );
  }
  const { epochs } = at.settings;
  const again = { started, step, epochs, program, deno, system, command, folder: from, device };
  await folder.manifest({
    status: "running",
    ended: undefined,
    fault: undefined,
    results: undefined,
    profile: undefined,
    resumed: [...manifest.resumed ?? [], again],
  });
  return { folder, resume };
}
