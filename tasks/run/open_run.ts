/**
 * The folder of a run as it starts or resumes.
 *
 * @module
 */
import type { PreparedSplits } from "../../src/data/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { findCheckpoint, type FoundCheckpoint } from "../../src/train/mod.ts";
import type { Origin } from "../datasets/origin.ts";
import { describeEnvironment } from "./environment.ts";
import type { Manifest, ProcessFacts } from "./manifest.ts";
import { checkData, type Earlier } from "./resume.ts";
import { RunFolder } from "./run_folder.ts";
import type { Settings } from "./settings.ts";
import { OptionError } from "../cli/option_table.ts";

/** What a run's folder and manifest are made from. */
export interface RunInfo {
  readonly run: Runtime;
  readonly settings: Settings;
  readonly splits: PreparedSplits;
  readonly origin: Origin;
  /** The metadata of its weights file. */
  readonly model: Readonly<Record<string, string>>;
  /** The command line. */
  readonly command: readonly string[];
  readonly started: Date;
  /** The processes that train it, if there are several. */
  readonly processes?: ProcessFacts | undefined;
}

/** A run's folder, and the checkpoint in it to resume from. */
export interface OpenedRun {
  readonly folder: RunFolder;
  /** Its manifest as written now. */
  readonly manifest: Manifest;
  /** Absent in a new run. */
  readonly resume?: FoundCheckpoint | undefined;
}

async function describeRun(at: RunInfo): Promise<Omit<Manifest, "status">> {
  const { run, settings, splits, origin, model, command, started, processes } = at;
  const { mean: _, ...shown } = model;
  return {
    ...await describeEnvironment(command, splits, origin),
    started: started.toISOString(),
    device: { name: run.device, description: run.description },
    processes,
    seed: settings.seed,
    settings,
    model: shown,
  };
}

/** Makes the folder of a new run, and writes its manifest. */
export async function startRun(at: RunInfo, path: string): Promise<OpenedRun> {
  const folder = await RunFolder.create(path, at.settings.dataset);
  const manifest: Manifest = { status: "running", ...await describeRun(at) };
  await folder.manifest({ ...manifest });
  return { folder, manifest };
}

/** Resumes a run: its manifest says so, and no longer has its end. */
export async function resumeRun(
  at: RunInfo,
  { path, manifest, longer }: Earlier,
): Promise<OpenedRun> {
  const { data, seed: _, settings: __, model: ___, started, ...session } = await describeRun(at);
  checkData(path, manifest, data);
  const folder = RunFolder.reopen(path, at.settings.dataset, { ...manifest });
  const resume = await findCheckpoint(folder.checkpoints), step = resume.checkpoint?.step ?? 0;
  if (longer && manifest.status === "finished" && !resume.checkpoint) {
    throw new OptionError(
      `--epochs: expected an intact checkpoint in ${folder.checkpoints} to resume from, found none`,
    );
  }
  const changed = {
    status: "running",
    ended: undefined,
    fault: undefined,
    results: undefined,
    profile: undefined,
    resumed: [...manifest.resumed ?? [], { started, step, epochs: at.settings.epochs, ...session }],
  } as const;
  await folder.manifest(changed);
  return { folder, resume, manifest: { ...manifest, ...changed } };
}
