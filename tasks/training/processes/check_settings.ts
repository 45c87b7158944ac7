/**
 * Settings that several processes cannot share.
 *
 * @module
 */
import { OptionError } from "../../cli/option_table.ts";
import type { Settings } from "../../run/settings.ts";

/** Throws an {@linkcode OptionError} on settings that so many processes cannot train with. */
export function checkShared(settings: Settings, size: number): void {
  const { batch, accumulate, mixup, cutmix, init, lsuvBatch = batch } = settings;
  const fail = (option: string, expected: string, found: number, instead: string): never => {
    throw new OptionError(
      `--${option}: expected ${expected} with ${size} processes, found ${found}; ${instead}`,
    );
  };
  const alone = "--distributed none trains by one process";
  if (accumulate !== undefined) {
    fail(
      "accumulate",
      "1",
      accumulate,
      "each has its share of a batch alone, so that more processes need less memory each",
    );
  }
  // An image's partner may be in the share of another process.
  if (mixup !== undefined) fail("mixup", "none", mixup, alone);
  if (cutmix !== undefined) fail("cutmix", "none", cutmix, alone);
  const atLeast = `at least ${size}, an image for each,`;
  if (batch < size) fail("batch", atLeast, batch, "start fewer");
  if (init === "lsuv" && lsuvBatch < size) fail("lsuv-batch", atLeast, lsuvBatch, "start fewer");
}
