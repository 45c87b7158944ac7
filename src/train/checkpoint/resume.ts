/**
 * Where a training begins, and the checkpoints that it leaves.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { Params } from "../../tensor.ts";
import { type Checkpoint, CheckpointError, encodeCheckpoint } from "./checkpoint.ts";
import { checkpointsIn, checkpointWriter, type FoundCheckpoint } from "./checkpoint_folder.ts";
import type { CheckpointEvent } from "../events.ts";
import { differenceOf, type Fingerprint, fingerprintOf, type Trained } from "./fingerprint.ts";
import { readTensors, treeOf } from "../safetensors/params_file.ts";
import type { Carry } from "../step.ts";

/** Where checkpoints are kept, and how often one is written. */
export interface CheckpointOptions {
  /** Their folder, of this training alone; made if there is none. It holds the last two. */
  readonly folder: string;
  /** Seconds from one to the next; 60 if left out. */
  readonly everySeconds?: number;
  /** Steps from one to the next, if fewer than those of `everySeconds`; no limit if left out. */
  readonly everySteps?: number;
  /**
   * What `performance.now()` was when this life of the training began, so that `elapsed` of its
   * checkpoints counts what went before `fit`, such as initialising; when `fit` begins if left out.
   */
  readonly since?: number;
}

/** How far a training is, beside its carry. */
export type Position = Pick<Checkpoint, "step" | "seconds" | "epochs">;

/** Writes a training's checkpoints. */
export interface Saver {
  /** Whether it is time for one. */
  due(step: number): boolean;
  /** Whether steps have been taken since the last one. */
  behind(step: number): boolean;
  /** Writes one. */
  save(carry: Carry, at: Position): Promise<CheckpointEvent>;
}

/** Where a training begins. */
export interface Beginning<P extends Params, S extends Params> extends Position {
  readonly carry: Carry<P, S>;
  /** There if checkpoints are wanted. */
  readonly saver?: Saver | undefined;
}

const now = () => performance.now() / 1000;

function saverOf(
  run: Runtime,
  trains: Fingerprint,
  { folder, everySeconds = 60, everySteps = Infinity, since = performance.now() }:
    CheckpointOptions,
  { checkpoint, path }: Partial<FoundCheckpoint> = {},
): Saver {
  if (!(everySeconds >= 0 && everySteps >= 1)) {
    throw new RangeError(
      "fit: expected checkpoints every 0 seconds or more and every step or more, found " +
        `${everySeconds} seconds and ${everySteps} steps`,
    );
  }
  const write = checkpointWriter(folder, path?.replace(/^.*\//, ""));
  const before = checkpoint?.elapsed ?? 0;
  let saved = checkpoint?.step ?? 0, told = now();
  return {
    due: (step) => step - saved >= everySteps || now() - told >= everySeconds,
    behind: (step) => step > saved,
    save: async (carry, at) => {
      const began = now(), tensors = await readTensors(run, carry);
      const elapsed = before + now() - since / 1000;
      const all = { ...at, elapsed, trains, device: run.description, tensors };
      const bytes = await encodeCheckpoint(all), path = await write(at.step, bytes);
      [saved, told] = [at.step, now()];
      const { step } = at;
      return { kind: "checkpoint", step, path, bytes: bytes.length, seconds: told - began };
    },
  };
}

async function checkNew(folder: string): Promise<void> {
  const [name] = await checkpointsIn(folder);
  if (name === undefined) return;
  throw new CheckpointError(
    `fit: expected a folder without checkpoints, found ${folder}/${name}; ` +
      "resume: await findCheckpoint(folder) goes on from it",
  );
}

/**
 * Begins a training, or goes on with one.
 *
 * @param fresh The carry before the first step.
 * @throws CheckpointError on a checkpoint of another training, and on a folder with checkpoints where
 * none is to be gone on from.
 */
export async function beginningOf<P extends Params, S extends Params>(
  run: Runtime,
  trained: Trained<P, S>,
  fresh: Carry<P, S>,
  { checkpoint, resume }: {
    readonly checkpoint?: CheckpointOptions;
    readonly resume?: FoundCheckpoint | undefined;
  },
): Promise<Beginning<P, S>> {
  const start = { carry: fresh, step: 0, seconds: 0, epochs: [] };
  if (!checkpoint && !resume) return start;
  if (checkpoint && !resume) await checkNew(checkpoint.folder);
  const trains = await fingerprintOf(run, trained), from = resume?.checkpoint;
  const difference = from && differenceOf(trains, from.trains);
  if (difference !== undefined) {
    throw new CheckpointError(
      `${
        resume!.path
      }: expected a checkpoint of this training, found one of another: ${difference}`,
    );
  }
  const saver = checkpoint && saverOf(run, trains, checkpoint, resume);
  if (!from) return { ...start, saver };
  const { step, seconds, epochs, tensors } = from;
  return { carry: treeOf(tensors, fresh), step, seconds, epochs, saver };
}
