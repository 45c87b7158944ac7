/**
 * The folder of a training run's checkpoints, the last two, written atomically.
 *
 * @module
 */
import { fileErrorCode } from "../../platform/file_system.ts";
import { platformFiles } from "../../platform/files.ts";
import { type Checkpoint, CheckpointError, decodeCheckpoint } from "./checkpoint.ts";
import { writeAtomically } from "../write_atomically.ts";
import { SafetensorsError } from "../safetensors/safetensors.ts";

/** The name of a checkpoint's file, or of an unfinished temporary one. */
const CHECKPOINT_FILE = /^step-\d+\.safetensors(\.[\w-]+\.tmp)?$/;

const fileName = (step: number) => `step-${String(step).padStart(9, "0")}.safetensors`;

const why = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** The checkpoint files in a folder, in the order of their steps; none if it does not exist. */
async function filesIn(folder: string): Promise<string[]> {
  const files = platformFiles();
  try {
    return (await files.list(folder))
      .filter(({ isFile, name }) => isFile && CHECKPOINT_FILE.test(name)).map(({ name }) => name)
      .sort();
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return [];
    throw new CheckpointError(`${folder}: expected a folder of checkpoints, found ${why(error)}`, {
      cause: error,
    });
  }
}

/** The names of the checkpoints in a folder, the newest first. */
export const checkpointsIn = async (folder: string): Promise<string[]> =>
  (await filesIn(folder)).filter((name) => !name.endsWith(".tmp")).reverse();

/** The result of {@linkcode findCheckpoint}. */
export interface FoundCheckpoint {
  /** The newest intact checkpoint; absent if there is none. */
  readonly checkpoint?: Checkpoint;
  /** Its file. */
  readonly path?: string;
  /** For each newer, damaged file, a sentence that says how. */
  readonly damaged: readonly string[];
}

/**
 * Finds the checkpoint to resume from: the newest one whose checksum is correct.
 *
 * @param folder The folder of `checkpoint` of {@linkcode FitOptions}; it need not exist.
 * @throws CheckpointError on a checkpoint of another version of the format.
 *
 * @example
 * ```ts
 * import { train } from "@goodinit/goodinit";
 *
 * const found = await train.findCheckpoint("no/such/folder");
 * console.assert(found.checkpoint === undefined && found.damaged.length === 0);
 * ```
 */
export const findCheckpoint = (folder: string): Promise<FoundCheckpoint> =>
  newestCheckpoint(folder);

/** As {@linkcode findCheckpoint}, of the checkpoints of at most so many steps. */
export async function newestCheckpoint(
  folder: string,
  mostSteps = Infinity,
): Promise<FoundCheckpoint> {
  const damaged: string[] = [];
  for (const name of await checkpointsIn(folder)) {
    const path = `${folder}/${name}`;
    try {
      const checkpoint = await decodeCheckpoint(await platformFiles().read(path));
      if (checkpoint.step <= mostSteps) return { checkpoint, path, damaged };
    } catch (error) {
      if (error instanceof CheckpointError) throw new CheckpointError(`${path}: ${error.message}`);
      // What cannot be read is as good as damaged.
      if (!(error instanceof SafetensorsError || fileErrorCode(error))) throw error;
      damaged.push(`${path}: ${why(error)}`);
    }
  }
  return { damaged };
}

/**
 * A function that writes a checkpoint, and then deletes all others except the previous one.
 *
 * @param last The name of the file that was resumed from, if there is one.
 * @param write Writes a file.
 */
export function checkpointWriter(folder: string, last?: string, write = writeAtomically) {
  let before = last, made = false;
  return async (step: number, bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
    const name = fileName(step), path = `${folder}/${name}`, files = platformFiles();
    try {
      // One that was deleted meanwhile is not made again, without what stood beside the checkpoints.
      if (!made) await files.makeFolder(folder);
      made = true;
      // First remove unfinished files of a killed program, so that they do not fill the disk.
      for (const each of await filesIn(folder)) {
        if (each.endsWith(".tmp")) await files.remove(`${folder}/${each}`);
      }
      await write(path, bytes);
      for (const each of await filesIn(folder)) {
        if (each !== name && each !== before) await files.remove(`${folder}/${each}`);
      }
    } catch (cause) {
      const isGone = fileErrorCode(cause) === "ENOENT";
      throw new CheckpointError(
        `${path}: expected to write ${bytes.length} bytes, found ${why(cause)}` +
          (isGone ? "" : "; what was written before is whole"),
        { cause },
      );
    }
    before = name;
    return path;
  };
}
