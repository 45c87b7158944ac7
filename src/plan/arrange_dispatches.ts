/**
 * The dispatches of a plan in the order in which they run, small ones that need not wait for each other as
 * one, and the buffers that temporary values share.
 *
 * @module
 */
import { batchDispatches, type Item } from "./batch_dispatches.ts";
import { assignBuffers } from "./buffer_assignment.ts";
import { lifetimes, type Touches } from "./lifetimes.ts";

/** Dispatches in order, and where their temporary values lie. */
export interface Arrangement {
  /** The items, by number, that run as one dispatch each, in the order in which they run. */
  readonly batches: readonly (readonly number[])[];
  /** The sizes of buffers for temporary values. */
  readonly sizes: readonly number[];
  /** The buffer of each temporary value. */
  readonly bufferOf: ReadonlyMap<number, number>;
}

/** What items touch together. */
const together = (items: readonly Item[]): Touches => ({
  reads: items.flatMap(({ reads }) => reads),
  writes: items.flatMap(({ writes }) => writes),
});

/**
 * Batches dispatches, and gives values that do not live at the same time the same memory.
 *
 * @param items In an order in which they could run.
 * @param bytes For each value that they touch, its size; 0 for one that needs no memory of the plan's own.
 * @param fits Whether some items can run as one.
 */
export function arrangeDispatches(
  items: readonly Item[],
  bytes: readonly number[],
  fits: (members: readonly number[]) => boolean,
): Arrangement {
  const batches = batchDispatches(items, bytes, fits);
  const lives = lifetimes(batches.map((batch) => together(batch.map((i) => items[i]!))), bytes);
  const { sizes, bufferOf } = assignBuffers([...lives.values()]);
  return {
    batches,
    sizes,
    bufferOf: new Map([...lives.keys()].map((value, i) => [value, bufferOf[i]!])),
  };
}
