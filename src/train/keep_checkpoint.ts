/**
 * What a training run keeps when its device fails or is out of memory.
 *
 * @module
 */
import { DeviceError } from "../device/device_error.ts";
import { MemoryError } from "../device/memory_error.ts";
import type { Saver } from "./checkpoint/saver.ts";

/** Whether an error is one of the device, after which another one can go on. */
export const isOfDevice = (error: unknown): error is Error =>
  error instanceof DeviceError || error instanceof MemoryError;

/**
 * Writes a last checkpoint if the device can still be read, and says in the error which one is kept.
 *
 * @param save Writes one, unless nothing has happened since the last.
 */
export async function keepCheckpoint<E extends Error>(
  error: E,
  saver: Saver | undefined,
  save: () => Promise<unknown>,
): Promise<E> {
  if (!saver) return error;
  // What fails here too is a consequence of the error, which is the one to report.
  await save().catch(() => {});
  const { last } = saver;
  error.message += last
    ? `; the checkpoint of step ${last.step} is kept, ${last.path}`
    : "; no checkpoint had been written yet";
  return error;
}
