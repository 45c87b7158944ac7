/**
 * Starts a training run at its first step, or resumes it from a checkpoint.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { Params } from "../../tensor.ts";
import { unflattenNamed } from "../safetensors/params_file.ts";
import type { Carry } from "../step.ts";
import { type Checkpoint, CheckpointError } from "./checkpoint.ts";
import { checkpointsIn, type FoundCheckpoint } from "./checkpoint_folder.ts";
import {
  findDifference,
  type Fingerprint,
  fingerprintTraining,
  type Trained,
} from "./fingerprint.ts";
import {
  type CheckpointOptions,
  createSaver,
  type Position,
  type Saved,
  type Saver,
} from "./saver.ts";

/** The state in which a training run starts. */
export interface Start<P extends Params, S extends Params> extends Position {
  readonly carry: Carry<P, S>;
  /** The parameters of the best epoch, where they are kept. */
  readonly best?: P | undefined;
  /** Present if checkpoints are to be written. */
  readonly saver?: Saver | undefined;
}

async function checkNew(folder: string): Promise<void> {
  const [name] = await checkpointsIn(folder);
  if (name === undefined) return;
  throw new CheckpointError(
    `fit: expected a folder without checkpoints, found ${folder}/${name}; ` +
      "resume: await findCheckpoint(folder) resumes from it",
  );
}

function checkSame(trains: Fingerprint, { checkpoint, path }: FoundCheckpoint): void {
  const difference = checkpoint && findDifference(trains, checkpoint.trains);
  if (difference === undefined) return;
  throw new CheckpointError(
    `${path}: expected a checkpoint of this training, found one of another: ${difference}`,
  );
}

/** The carry in a checkpoint, and the parameters of the best epoch where it has them. */
function readCarry<P extends Params, S extends Params>(
  tensors: Checkpoint["tensors"],
  fresh: Carry<P, S>,
): Pick<Start<P, S>, "carry" | "best"> {
  const hasBest = [...tensors.keys()].some((name) => name.startsWith("best."));
  const like: Saved<P, S> = hasBest ? { ...fresh, best: fresh.params } : fresh;
  const { best, ...carry } = unflattenNamed(tensors, like);
  return { carry: carry as Carry<P, S>, best };
}

/**
 * Starts a training run, or resumes one.
 *
 * @param fresh The carry before the first step.
 * @throws CheckpointError on a checkpoint of another training run, and on a folder with checkpoints if
 * `resume` is not given.
 */
export async function startOrResume<P extends Params, S extends Params>(
  run: Runtime,
  trained: Trained<P, S>,
  fresh: Carry<P, S>,
  { checkpoint, resume, classNames }: {
    readonly checkpoint?: CheckpointOptions;
    readonly classNames?: readonly string[] | undefined;
    readonly resume?: FoundCheckpoint | undefined;
  },
): Promise<Start<P, S>> {
  const start = { carry: fresh, step: 0, seconds: 0, epochs: [] };
  if (!checkpoint && !resume) return start;
  if (checkpoint && !resume) await checkNew(checkpoint.folder);
  const trains = await fingerprintTraining(run, trained);
  if (resume) checkSame(trains, resume);
  const saver = checkpoint && createSaver(run, { trains, classNames }, checkpoint, resume);
  if (!resume?.checkpoint) return { ...start, saver };
  const { step, seconds, epochs, tensors } = resume.checkpoint;
  return { ...readCarry(tensors, fresh), step, seconds, epochs, saver };
}
