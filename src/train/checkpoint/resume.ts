/**
 * Starts a training run at its first step, or resumes it from a checkpoint.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { Params, Tensor } from "../../tensor.ts";
import { entries } from "../../tree.ts";
import { storedName, unflattenNamed } from "../safetensors/params_file.ts";
import type { Carry } from "../step.ts";
import { type Checkpoint, CheckpointError } from "./checkpoint.ts";
import { checkpointsIn, type FoundCheckpoint } from "./checkpoint_folder.ts";
import {
  findDifference,
  type Fingerprint,
  fingerprintTraining,
  type Trained,
  withUpdateOf,
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

/** Throws CheckpointError on a checkpoint of another training run, whose optimizer may be another if so told. */
function checkSame(
  trains: Fingerprint,
  { checkpoint, path }: FoundCheckpoint,
  newOptimizer: boolean,
): void {
  const known = checkpoint && newOptimizer
    ? withUpdateOf(checkpoint.trains, trains)
    : checkpoint?.trains;
  const difference = known && findDifference(trains, known);
  if (difference === undefined) return;
  throw new CheckpointError(
    `${path}: expected a checkpoint of this training, found one of another: ${difference}`,
  );
}

/** The name that a tensor of the carry has in a checkpoint begins with this where a step goes back to it. */
const RECOVERY = "recovery.";

/**
 * A checkpoint's tensors, with what steps go back to as the run wants it: of an older checkpoint, or one of
 * another policy, what it has of it, and else what a run starts with.
 */
function withRecovery<P extends Params, S extends Params>(
  tensors: Checkpoint["tensors"],
  { recovery: fresh }: Carry<P, S>,
): Checkpoint["tensors"] {
  const own = [...tensors].filter(([name]) => !name.startsWith(RECOVERY));
  const named = entries<Tensor>({ recovery: fresh ?? [] } as Params).map(([path, x]) => {
    const name = storedName(path), found = tensors.get(name);
    if (found) return [name, found] as const;
    const current = tensors.get(name.slice(`${RECOVERY}last.`.length));
    const start = x.data && { shape: x.shape, data: x.data };
    const value = name.startsWith(`${RECOVERY}last.`) ? current : start;
    return value ? [name, value] as const : undefined;
  });
  return new Map([...own, ...named.filter((each) => each !== undefined)]);
}

/** The carry in a checkpoint, and the parameters of the best epoch where it has them. */
function readCarry<P extends Params, S extends Params>(
  tensors: Checkpoint["tensors"],
  fresh: Carry<P, S>,
): Pick<Start<P, S>, "carry" | "best"> {
  const hasBest = [...tensors.keys()].some((name) => name.startsWith("best."));
  const like: Saved<P, S> = hasBest ? { ...fresh, best: fresh.params } : fresh;
  const { best, ...carry } = unflattenNamed(withRecovery(tensors, fresh), like);
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
  { checkpoint, resume, newOptimizer = false, classNames }: {
    readonly checkpoint?: CheckpointOptions;
    readonly classNames?: readonly string[] | undefined;
    readonly resume?: FoundCheckpoint | undefined;
    /** Whether it may resume with another rule, other rates or another policy than the checkpoint's. */
    readonly newOptimizer?: boolean | undefined;
  },
): Promise<Start<P, S>> {
  const start = { carry: fresh, step: 0, seconds: 0, epochs: [] };
  if (!checkpoint && !resume) return start;
  if (checkpoint && !resume) await checkNew(checkpoint.folder);
  const trains = await fingerprintTraining(run, trained);
  if (resume) checkSame(trains, resume, newOptimizer);
  const saver = checkpoint && createSaver(run, { trains, classNames }, checkpoint, resume);
  if (!resume?.checkpoint) return { ...start, saver };
  const { step, seconds, epochs, tensors } = resume.checkpoint;
  const { carry, best } = readCarry(tensors, fresh), last = carry.recovery?.last;
  // Whether a checkpoint's own parameters are good, only the step after them shows.
  const own = newOptimizer && last ? { ...carry, ...last } : carry;
  return { carry: own, best, step, seconds, epochs, saver };
}
