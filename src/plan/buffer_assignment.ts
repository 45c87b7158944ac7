/**
 * Buffer assignment: which temporary values share memory.
 *
 * @module
 */
import type { Lifetime } from "./lifetimes.ts";

/** Buffers by size, and the buffer that each value lies in. */
export interface Assignment {
  readonly sizes: readonly number[];
  readonly bufferOf: readonly number[];
}

/** When a buffer is in use, in order. */
class Reservations {
  readonly #first: number[] = [];
  readonly #last: number[] = [];

  /** How many of them begin before a step, or in it. */
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
 * Puts values into as few bytes of buffers as a greedy best fit finds: largest values first, each into
 * the smallest buffer that is large enough and free for its whole life, else a new one.
 */
export function assignBuffers(values: readonly Lifetime[]): Assignment {
  const buffers: Reservations[] = [], sizes: number[] = [];
  /** Where buffers of each size begin; every next size is smaller. */
  const begins: number[] = [];
  const bufferOf = new Array<number>(values.length);
  const order = values.map((_, i) => i)
    .sort((a, b) => values[b]!.bytes - values[a]!.bytes || a - b);
  const fit = (value: Lifetime): number | undefined => {
    for (let group = begins.length - 1, end = buffers.length; group >= 0; group--) {
      const begin = begins[group]!;
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
      if (value.bytes !== sizes.at(-1)) begins.push(best);
      sizes.push(value.bytes);
    }
    buffers[best]!.add(value);
    bufferOf[i] = best;
  }
  return { sizes, bufferOf };
}
