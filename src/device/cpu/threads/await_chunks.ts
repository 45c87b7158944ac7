/**
 * Waits for the chunks of a pass that other threads have claimed, and notices threads that have ended.
 *
 * @module
 */
import { DeviceError } from "../../device_error.ts";
import { SPIN_LIMIT, WORD } from "./control_block.ts";
import { mayWait } from "./workers.ts";

/** Milliseconds of a wait for a thread: in parts, so that a machine that was asleep has lost only one of them. */
const WAIT_MS = 10_000;
/** How many waits in a row may end without any chunk being done, at least and at most: one to ten minutes. */
const WAITS = { least: 6, most: 60 };
/** How many times as long as all of a task on one thread a chunk of it may take. */
const SLOWEST = 100;

const SILENT =
  "cpu: expected every thread to do its part, found one that has ended or does nothing; " +
  "fewer threads need less memory";

/** How many waits in a row may end without any chunk being done. */
const mostWaits = (soloMs: number): number =>
  Math.min(WAITS.most, Math.max(WAITS.least, Math.ceil(SLOWEST * soloMs / WAIT_MS)));

/** A pass whose chunks are all claimed. */
export interface ClaimedPass {
  readonly chunks: number;
  /** How many of them the caller has done. */
  readonly own: number;
  /** The estimated milliseconds of the whole task on one thread; infinity if not known. */
  readonly soloMs: number;
}

/**
 * Waits until every chunk is done; returns whether it had to wait. Throws DeviceError if a thread has failed, or
 * does nothing for long.
 */
export function awaitChunks(words: Int32Array, { chunks, own, soloMs }: ClaimedPass): boolean {
  let done = Atomics.add(words, WORD.done, own) + own;
  const waits = done < chunks;
  let waited = 0;
  for (let spin = 0; done < chunks; spin++, done = Atomics.load(words, WORD.done)) {
    if (spin < SPIN_LIMIT || !mayWait()) continue;
    // A thread that has ended, for want of memory say, does nothing any more, and cannot say so.
    if (Atomics.wait(words, WORD.done, done, WAIT_MS) !== "timed-out") waited = 0;
    else if (++waited >= mostWaits(soloMs)) throw new DeviceError(SILENT);
  }
  const failed = Atomics.exchange(words, WORD.failed, 0);
  if (failed !== 0) {
    throw new DeviceError(`cpu: expected thread ${failed} to do its part, it failed`);
  }
  return waits;
}
