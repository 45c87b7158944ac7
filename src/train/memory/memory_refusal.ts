/**
 * The error of a training run that needs more memory than there is.
 *
 * @module
 */
import { MemoryError } from "../../device/memory_error.ts";
import { showBytes } from "../../show/bytes.ts";
import type { TrainingMemory } from "./training_memory.ts";

/** What a training run needs by groups, in the words of errors and reports. */
export function memoryGroups({ device, host }: TrainingMemory): Readonly<Record<string, number>> {
  const { params, optimizer, averages, recovery, gradientSums, updates, start, best } = device;
  return {
    activations: device.activations,
    "weights and state": params + optimizer + averages + recovery + gradientSums + updates + start +
      best,
    data: device.data + device.batch + host.batches,
    others: device.code + host.checkpoint,
  };
}

/** The groups as text: `activations 1.23 GiB, weights and state 20.1 MiB, …`. */
export const showMemoryGroups = (needed: TrainingMemory): string =>
  Object.entries(memoryGroups(needed))
    .map(([name, bytes]) => `${name} ${showBytes(bytes, 3)}`).join(", ");

/** What would fit. */
export interface FittingRun {
  /** The largest batch; undefined if none does, or where a program makes the batches. */
  readonly batch?: number | undefined;
  /** The fewest parts in which the batch as it is fits. */
  readonly accumulate?: number | undefined;
}

/** A training run needs more memory than there is; it is thrown before its first step. */
export class TrainingMemoryError extends MemoryError {
  /** The name shown in a stack trace. */
  override readonly name: string = "TrainingMemoryError";
  /** What was expected and what was found, without what helps. */
  readonly found: string;
  /** What would fit. */
  readonly fits: FittingRun;

  /**
   * An error that says what would fit.
   *
   * @param found What was expected and what was found.
   */
  constructor(found: string, fits: FittingRun) {
    const { batch, accumulate } = fits;
    const parts = accumulate === undefined ? "" : `, or accumulate ${accumulate} parts`;
    const instead = batch === undefined
      ? "smaller batches or a smaller net"
      : `a batch of at most ${batch}${parts}`;
    super(found, `use ${instead}`);
    this.found = found;
    this.fits = fits;
  }
}

/** What was expected and found of a run that does not fit. */
export const refusalText = (needed: TrainingMemory, further: number, available: number): string =>
  `fit: expected to need at most the ${
    showBytes(available, 3)
  } of memory that are available, found ${showBytes(further, 3)} (${showMemoryGroups(needed)})`;
