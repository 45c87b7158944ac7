/**
 * Frees closed devices. Destroying a device frees its buffers, but Deno keeps its thread and the driver's
 * memory, some 4 MB, until the engine has collected the object, which is small and so seldom is.
 *
 * @module
 */
import { type Collector, engineCollector } from "../../memory/garbage_collector.ts";

/** Devices that may wait for a collection. */
const MOST = 4;

/** Devices that were closed since garbage was collected. */
export class ClosedDevices {
  readonly #collector: Collector;
  #count = 0;

  constructor(collector: Collector) {
    this.#collector = collector;
  }

  /** Counts a device that was closed; its program may still refer to it. */
  add() {
    this.#count++;
  }

  /** Collects garbage if there are many, where the engine can do so at once. Called before another is opened. */
  collect() {
    if (this.#count < MOST) return;
    this.#count = 0;
    this.#collector.collect();
  }
}

/** Those of this program. */
export const closedDevices: ClosedDevices = new ClosedDevices(engineCollector());
