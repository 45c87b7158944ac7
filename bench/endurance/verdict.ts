/**
 * Whether what a process holds stays the same over its rounds.
 *
 * @module
 */
import { QUANTITIES, type Quantity, type Sample } from "./sample.ts";

/**
 * The most that a quantity may grow from the part of the rounds before to the part after: MiB of memory, and
 * numbers. Resident memory has the noise of allocators, and on the heap some
 * 40 MiB of garbage may wait: 400 bytes kept in each of 200,000 rounds exceed these bounds.
 */
export const BOUNDS: Readonly<Record<Quantity, number>> = {
  resident: 24,
  heap: 24,
  external: 8,
  device: 8,
  buffers: 4000,
  threads: 6,
  files: 6,
};

/** Where the rounds that are compared begin and end, as shares of all: the first are for warming up. */
const BEFORE = [0.4, 0.7] as const, AFTER = [0.7, 1] as const;

/** The mean of a quantity over a part of the rounds: garbage waits to be collected, and comes and goes meanwhile. */
function mean(
  samples: readonly Sample[],
  quantity: Quantity,
  [from, to]: readonly [number, number],
): number | undefined {
  const part = samples.slice(Math.floor(from * samples.length), Math.ceil(to * samples.length));
  const values = part.flatMap(({ [quantity]: value }) => value === undefined ? [] : [value]);
  return values.length > 0
    ? values.reduce((sum, value) => sum + value, 0) / values.length
    : undefined;
}

/** By how much a quantity grows from the rounds before to those after; undefined where it was not measured. */
export function growth(samples: readonly Sample[], quantity: Quantity): number | undefined {
  const before = mean(samples, quantity, BEFORE), after = mean(samples, quantity, AFTER);
  return before === undefined || after === undefined ? undefined : after - before;
}

/** Memory is judged from so many measurements on; in fewer rounds compilers and allocators still take some. */
const FEWEST = 40;

const MEMORY: readonly Quantity[] = ["resident", "heap", "external"];

/** A quantity that was measured. */
export interface Verdict {
  readonly quantity: Quantity;
  readonly last: number;
  /** Between the two parts of the rounds. */
  readonly growth: number;
  readonly bound: number;
  readonly holds: boolean;
}

/** The verdicts on the quantities that were measured, of memory only in enough rounds. */
export const judge = (samples: readonly Sample[]): readonly Verdict[] =>
  QUANTITIES.flatMap((quantity) => {
    if (samples.length < FEWEST && MEMORY.includes(quantity)) return [];
    const by = growth(samples, quantity), bound = BOUNDS[quantity];
    const last = samples.at(-1)?.[quantity];
    if (by === undefined || last === undefined) return [];
    return [{ quantity, last, growth: by, bound, holds: by <= bound }];
  });
