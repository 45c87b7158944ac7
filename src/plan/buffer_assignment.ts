/**
 * Buffer assignment: temporary values whose lifetimes do not overlap share buffers.
 *
 * @module
 */
import type { Lifetime } from "./lifetimes.ts";

/** The sizes of buffers, in bytes, and the buffer of each value. */
export interface Assignment {
  readonly sizes: readonly number[];
  readonly bufferOf: readonly number[];
}

/** The intervals in which a buffer is in use, in order. */
class Reservations {
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  /** How many of them start at a step or before it. */
  #until(step: number): number {
    let from = 0, to = this.#first.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.#first[middle]! <= step) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  isFree({ first, last }: Lifetime): boolean {
    const before = this.#until(last);
    return before === 0 || this.#last[before - 1]! < first;
  }

  add({ first, last }: Lifetime) {
    const at = this.#until(first);
    this.#first.splice(at, 0, first);
    this.#last.splice(at, 0, last);
  }
}

/**
 * Greedy best fit: values from the largest to the smallest, each into the smallest buffer that is large
 * enough and free for its whole lifetime, else into a new one.
 */
export function assignBuffers(values: readonly Lifetime[]): Assignment {
  const buffers: Reservations[] = [], sizes: number[] = [];
  /** The first buffer of each size, in descending order of sizes. */
  const firstOfSize: number[] = [];
  const bufferOf = new Array<number>(values.length);
  const order = values.map((_, i) => i)
    .sort((a, b) => values[b]!.bytes - values[a]!.bytes || a - b);
  const fit = (value: Lifetime): number | undefined => {
    for (let group = firstOfSize.length - 1, end = buffers.length; group >= 0; group--) {
      const begin = firstOfSize[group]!;
      for (let k = begin; k < end; k++) if (buffers[k]!.isFree(value)) return k;
      end = begin;
    }
    return undefined;
  };
  for (const i of order) {
    const value = values[i]!;
    let best = fit(value);
    if (best === undefined) {
      best = buffers.push(new Reservations()) - 1;
      if (value.bytes !== sizes.at(-1)) firstOfSize.push(best);
      sizes.push(value.bytes);
    }
    buffers[best]!.add(value);
    bufferOf[i] = best;
  }
  return { sizes, bufferOf };
}
