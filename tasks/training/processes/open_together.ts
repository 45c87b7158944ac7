/**
 * A run's device and folder, of several processes: process 0 has the folder, the others one that writes nothing.
 *
 * @module
 */
import type { Runtime } from "../../../src/runtime/mod.ts";
import { decodeCheckpoint } from "../../../src/train/checkpoint/checkpoint.ts";
import type { FoundCheckpoint } from "../../../src/train/mod.ts";
import { TaskError } from "../../cli/command.ts";
import type { OpenedRun } from "../../run/open_run.ts";
import { RUN_FILES } from "../../run/files.ts";
import type { TrainingFolder } from "../session.ts";
import type { ProcessGroup } from "./group.ts";
import { lead, leadBytes } from "./lead.ts";
import { gatherJson } from "./messages.ts";

/** Throws a {@linkcode TaskError} where this process computes on another device than process 0. */
export function checkDevices({ job }: ProcessGroup, { device }: Pick<Runtime, "device">): void {
  const [first] = gatherJson(job, device);
  if (device === first) return;
  throw new TaskError(
    `--device: expected ${first}, on which process 0 computes, found ${device}; name one that all have`,
  );
}

/** The folder of a run in which this process writes nothing. */
const silentFolder = (path: string): TrainingFolder => {
  const checkpoints = `${path}/${RUN_FILES.checkpoints}`;
  return {
    path,
    checkpoints,
    stageCheckpoints: `${checkpoints}/pretraining`,
    weights: () => Promise.resolve(`${path}/${RUN_FILES.weights}`),
    whitening: () => Promise.resolve(),
  };
};

/** A run that is open in every process. */
type OpenedTogether = Omit<OpenedRun, "folder"> & {
  readonly folder: OpenedRun["folder"] | TrainingFolder;
};

/** The checkpoint that process 0 has found, in all processes. */
async function shareCheckpoint(
  group: ProcessGroup,
  found: Omit<FoundCheckpoint, "checkpoint">,
): Promise<FoundCheckpoint> {
  const { path } = found;
  if (path === undefined) return found;
  const bytes = await leadBytes(group, () => Deno.readFile(path));
  return { ...found, checkpoint: await decodeCheckpoint(bytes) };
}

/** Opens the folder of a run in process 0, and what the others need of it. */
export async function openTogether(
  group: ProcessGroup | undefined,
  open: () => Promise<OpenedRun>,
): Promise<OpenedTogether> {
  if (!group) return await open();
  const opened = await lead(group, open, ({ folder, manifest, resume }) => {
    const { checkpoint: _, ...found } = resume ?? { damaged: [] };
    return { path: folder.path, manifest, resume: resume && found };
  });
  const { manifest } = opened;
  const resume = opened.resume && await shareCheckpoint(group, opened.resume);
  const folder = "folder" in opened ? opened.folder : silentFolder(opened.path);
  return { folder, manifest, ...(resume && { resume }) };
}
