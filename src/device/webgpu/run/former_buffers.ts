/**
 * The buffers of a plan's latest results, so that a loop's calls use few combinations in turn.
 *
 * @module
 */
import type { Buffer } from "./buffer_pool.ts";

/** How many are remembered: a training step's result is in use for three calls, if it is kept to go back to. */
const MOST = 4;

/** The latest buffers of each of a plan's results. */
export class FormerBuffers {
  readonly #bySlot = new Map<number, Buffer[]>();

  /** Those of a slot, the oldest first. */
  of(slot: number): readonly Buffer[] {
    return this.#bySlot.get(slot) ?? [];
  }

  /** Adds the buffer of a call. */
  add(slot: number, buffer: Buffer): void {
    const all = this.#bySlot.get(slot) ?? [];
    if (all.push(buffer) > MOST) all.shift();
    this.#bySlot.set(slot, all);
  }
}
