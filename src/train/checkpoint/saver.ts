/**
 * Writes a training's checkpoints now and then.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { CheckpointEvent } from "../events.ts";
import { readTensors } from "../safetensors/params_file.ts";
import type { Carry } from "../step.ts";
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts";
import { checkpointWriter, type FoundCheckpoint } from "./checkpoint_folder.ts";
import type { Fingerprint } from "./fingerprint.ts";

/** Where checkpoints are kept, and how often one is written. */
export interface CheckpointOptions {
  /** Their folder, of this training alone; made if there is none. It holds the last two. */
  readonly folder: string;
  /** Seconds from one to the next; 60 if left out. */
  readonly everySeconds?: number;
  /** Steps from one to the next, if fewer than those of `everySeconds`; no limit if left out. */
  readonly everySteps?: number;
  /**
   * What `performance.now()` was when this session of the training started, so that `elapsed` of its
   * checkpoints counts what went before `fit`, such as the initialization; when `fit` starts if left out.
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
  save(carry: Carry, position: Position): Promise<CheckpointEvent>;
}

const now = () => performance.now() / 1000;

/**
 * Writes the checkpoints of a training from `resumed` on. Throws RangeError on intervals that are none.
 *
 * @param trains What is trained, on what, and how.
 */
export function createSaver(
  run: Runtime,
  trains: Fingerprint,
  { folder, everySeconds = 60, everySteps = Infinity, since = performance.now() }:
    CheckpointOptions,
  { checkpoint: resumed, path: resumedPath }: Partial<FoundCheckpoint> = {},
): Saver {
  if (!(everySeconds >= 0 && everySteps >= 1)) {
    throw new RangeError(
      "fit: expected checkpoints every 0 seconds or more and every step or more, found " +
        `${everySeconds} seconds and ${everySteps} steps`,
    );
  }
  const write = checkpointWriter(folder, resumedPath?.replace(/^.*\//, ""));
  const before = resumed?.elapsed ?? 0;
  let savedStep = resumed?.step ?? 0, savedAt = now();
  return {
    due: (step) => step - savedStep >= everySteps || now() - savedAt >= everySeconds,
    behind: (step) => step > savedStep,
    async save(carry, position) {
      const began = now(), tensors = await readTensors(run, carry);
      const elapsed = before + now() - since / 1000;
      const checkpoint = { ...position, elapsed, trains, device: run.description, tensors };
      const bytes = await encodeCheckpoint(checkpoint), { step } = position;
      const path = await write(step, bytes);
      [savedStep, savedAt] = [step, now()];
      return { kind: "checkpoint", step, path, bytes: bytes.length, seconds: savedAt - began };
    },
  };
}
