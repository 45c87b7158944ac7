/**
 * What a device can still hold, and refusals before anything is allocated that cannot be.
 *
 * @module
 */
import { sumOf } from "../sum_of.ts";
import type { Device, GraphMemory } from "../device/device.ts";
import { MemoryError } from "../device/memory_error.ts";
import { showBytes } from "../show/bytes.ts";
import { freeMemory } from "../platform/free_memory.ts";

/** Fewer bytes than this are not worth asking the system. */
const WORTH_ASKING = 1 << 26;

/** Guards the memory of a device. */
export class MemoryGuard {
  readonly #device: Device;
  readonly #most: number | undefined;
  readonly #free: () => number | undefined;

  /**
   * @param most The most bytes in all buffers; what the system has free if left out.
   * @param free The bytes that the system has free.
   */
  constructor(device: Device, most?: number, free: () => number | undefined = freeMemory) {
    this.#device = device;
    this.#most = most;
    this.#free = free;
  }

  /** The bytes of further buffers that the device can hold, as far as is known. */
  get available(): number | undefined {
    const { limits: { total = Infinity, isHost } } = this.#device;
    const { bytes, free } = this.#device.memory(), used = bytes - free;
    const system = this.#most !== undefined
      ? this.#most - used
      : isHost
      ? (this.#free() ?? Infinity) + free
      : Infinity;
    const available = Math.max(0, Math.min(total - used, system));
    return available < Infinity ? available : undefined;
  }

  /**
   * Throws MemoryError unless a run of a graph fits.
   *
   * @param uploads Bytes of arguments that are in host memory.
   */
  check({ outputs, temporaries, kept }: GraphMemory, uploads: number): void {
    // What is shared may be there already.
    const needed = sumOf(outputs) + kept + uploads +
      Math.max(0, sumOf(temporaries) - this.#device.memory().temporary);
    if (needed < WORTH_ASKING && this.#most === undefined) return;
    const { available } = this;
    if (available === undefined || needed <= available) return;
    throw new MemoryError(
      `${this.#device.name}: expected to need at most the ${
        showBytes(available)
      } of memory that are ` +
        `available, found ${showBytes(needed)} (results ${
          showBytes(sumOf(outputs))
        }, temporary values ${showBytes(sumOf(temporaries))})`,
    );
  }
}
