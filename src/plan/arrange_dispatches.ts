/**
 * Orders and batches a plan's dispatches, and assigns buffers to its temporary values.
 *
 * @module
 */
import { batchDispatches, type Item } from "./batch_dispatches.ts";
import { assignBuffers } from "./buffer_assignment.ts";
import { lifetimes, type Touches } from "./lifetimes.ts";

/** Batched dispatches in order, and the buffers of their temporary values. */
export interface Arrangement {
  /** The items, by number, of each batch, in execution order. */
  readonly batches: readonly (readonly number[])[];
  /** The sizes of the buffers for temporary values, in bytes. */
  readonly sizes: readonly number[];
  /** The buffer of each temporary value. */
  readonly bufferOf: ReadonlyMap<number, number>;
}

/** The union of what items read and write. */
const unionOfTouches = (items: readonly Item[]): Touches => ({
  reads: items.flatMap(({ reads }) => reads),
  writes: items.flatMap(({ writes }) => writes),
});

/**
 * Batches dispatches, and lets values whose lifetimes do not overlap share memory.
 *
 * @param items In a valid execution order.
 * @param bytes The size of each value; 0 for one that needs no temporary memory.
 * @param fits Whether items can run as one batch.
 */
export function arrangeDispatches(
  items: readonly Item[],
  bytes: readonly number[],
  fits: (members: readonly number[]) => boolean,
): Arrangement {
  const batches = batchDispatches(items, bytes, fits);
  const lives = lifetimes(
    batches.map((batch) => unionOfTouches(batch.map((i) => items[i]!))),
    bytes,
  );
  const { sizes, bufferOf } = assignBuffers([...lives.values()]);
  return {
    batches,
    sizes,
    bufferOf: new Map([...lives.keys()].map((value, i) => [value, bufferOf[i]!])),
  };
}
