/**
 * Writes a training run's checkpoints at intervals.
 *
 * @module
 */
import type { Runtime } from "../../runtime/mod.ts";
import type { CheckpointEvent } from "../events.ts";
import { readTensors } from "../safetensors/params_file.ts";
import type { Params } from "../../tensor.ts";
import type { Carry } from "../step.ts";
import { type Checkpoint, encodeCheckpoint } from "./checkpoint.ts";
import { checkpointWriter, type FoundCheckpoint } from "./checkpoint_folder.ts";

/** Where checkpoints are stored, and how often they are written. */
export interface CheckpointOptions {
  /** Their folder, used by this training run alone and created if missing. It holds the last two. */
  readonly folder: string;
  /** Seconds from one to the next; 60 if left out. */
  readonly everySeconds?: number;
  /** Steps from one to the next, if that comes earlier than `everySeconds`; no limit if left out. */
  readonly everySteps?: number;
  /**
   * The value of `performance.now()` when this session of the training run started, so that `elapsed` of
   * its checkpoints includes what happened before `fit`, such as initialization; if left out, the start of
   * `fit`.
   */
  readonly since?: number;
}

/** The progress of a training run that its carry does not hold. */
export type Position = Pick<Checkpoint, "step" | "seconds" | "epochs">;

/** What is saved: the carry, and the parameters of the best epoch where they are kept. */
export type Saved<P extends Params = Params, S extends Params = Params> = Carry<P, S> & {
  readonly best?: P;
};

/** Writes a training run's checkpoints. */
export interface Saver {
  /** Whether a checkpoint is due. */
  due(step: number): boolean;
  /** Whether steps have been taken since the last checkpoint. */
  behind(step: number): boolean;
  /** The checkpoint that was written last, or resumed from. */
  readonly last: { readonly step: number; readonly path: string } | undefined;
  /** Writes a checkpoint. */
  save(saved: Saved, position: Position): Promise<CheckpointEvent>;
}

const now = () => performance.now() / 1000;

/**
 * Creates the saver of a training run. Throws RangeError on negative seconds or fewer than one step.
 *
 * @param what The fingerprint of the training run, and the names of its classes if known.
 */
export function createSaver(
  run: Runtime,
  what: Pick<Checkpoint, "trains" | "classNames">,
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
  let savedStep = resumed?.step ?? 0, savedAt = now(), lastPath = resumedPath;
  return {
    get last() {
      return lastPath === undefined ? undefined : { step: savedStep, path: lastPath };
    },
    due: (step) => step - savedStep >= everySteps || now() - savedAt >= everySeconds,
    behind: (step) => step > savedStep,
    async save(saved, position) {
      const began = now(), tensors = await readTensors(run, saved);
      const elapsed = before + now() - since / 1000;
      const checkpoint = { ...position, ...what, elapsed, device: run.description, tensors };
      const bytes = await encodeCheckpoint(checkpoint), { step } = position;
      const path = await write(step, bytes);
      [savedStep, savedAt, lastPath] = [step, now(), path];
      return { kind: "checkpoint", step, path, bytes: bytes.length, seconds: savedAt - began };
    },
  };
}
