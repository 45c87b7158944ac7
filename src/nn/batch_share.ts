/**
 * A share of a batch, which one of several processes computes: layers draw for its examples what they
 * would draw for them in the whole batch.
 *
 * @module
 */
import { type Shape, sizeOf } from "../shape.ts";

/** Examples of a batch that follow each other. */
export interface BatchShare {
  /** The number of the first, from 0. */
  readonly first: number;
  /** How many they are. */
  readonly count: number;
}

let current: BatchShare | undefined;

/** Calls `f`, in which layers see a share of a batch. */
export function withinShare<R>(share: BatchShare, f: () => R): R {
  const outer = current;
  current = share;
  try {
    return f();
  } finally {
    current = outer;
  }
}

/**
 * How many random numbers of a tensor of the whole batch come before those of this share, whose tensor has
 * the given shape, examples along its first axis; 0 outside {@linkcode withinShare}.
 */
export const skippedNumbers = (shape: Shape): number =>
  current ? current.first * Math.floor(sizeOf(shape) / current.count) : 0;
