/**
 * What would fit instead of a training run that needs more memory than there is.
 *
 * @module
 */
import { MemoryError } from "../../device/memory_error.ts";
import type { Runtime } from "../../runtime/mod.ts";
import type { Params } from "../../tensor.ts";
import type { FitOptions } from "../fit_options.ts";
import { isPrepared } from "../input/batch_stream.ts";
import { freshCarry, setUpTraining, severalProcesses } from "../setup.ts";
import { compiledRun } from "./compiled_run.ts";
import { measureRun } from "./measure_run.ts";
import type { FittingRun } from "./memory_refusal.ts";
import type { TrainingMemory } from "./training_memory.ts";

/** The share of what is available that a batch may take, since compiling others takes memory too. */
const USED = 0.95;
/** Milliseconds for which a larger batch is sought, once one fits. */
const SEARCH_MS = 2000;
/** The most batches that are tried. */
const MOST_TRIALS = 8;
/** Where a batch this many times as large does not fit, one that fits is large enough. */
const CLOSE = 1.05;

/** The memory of a training run with these options, from its start. */
export async function measureOptions<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): Promise<TrainingMemory> {
  const setup = await setUpTraining(run, options), carry = freshCarry(options, setup);
  const compiled = compiledRun(options, setup, carry, setup.data.outline.materialize);
  return measureRun(run, options, setup, compiled);
}

/** The bytes that a run takes beyond what is held already, and those that there are, as far as is known. */
export function balance(run: Runtime, { least }: TrainingMemory) {
  const { bytes, free } = run.memory();
  const further = Math.max(0, least - (bytes - free));
  return { further, available: run.availableMemory() ?? Infinity };
}

/** What is known of a run that may not fit: its memory, or that a single buffer is too large, and how much. */
export type Trial = { readonly needed: TrainingMemory } | { readonly excess: number };

/** The trial of a run whose functions could not be compiled for want of memory. Throws any other error. */
export function tooLarge(error: unknown): Trial {
  if (error instanceof MemoryError) return { excess: error.excess ?? 2 };
  throw error;
}

/** Measures a run with other options. */
async function tryOptions<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
): Promise<Trial> {
  try {
    return { needed: await measureOptions(run, options) };
  } catch (error) {
    return tooLarge(error);
  }
}

/** Whether a run fits into so many bytes. */
function doesFit(run: Runtime, trial: Trial, room: number): boolean {
  if ("excess" in trial) return false;
  return balance(run, trial.needed).further <= room;
}

/** The batch that would take so many bytes, by a run with another batch. */
function extrapolate(run: Runtime, batch: number, trial: Trial, room: number): number {
  if ("excess" in trial) return batch / trial.excess;
  const { needed: { device, host } } = trial, { further } = balance(run, trial.needed);
  const growing = device.activations + device.batch + device.code + host.batches;
  return batch * Math.max(0, 1 + (room - further) / growing);
}

/** Finds the largest batch that fits, or nearly: memory grows about linearly with it. */
async function findBatch<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  refused: Trial,
  room: number,
): Promise<number | undefined> {
  const { batch = 1, accumulate: unit = 1 } = options, deadline = performance.now() + SEARCH_MS;
  let below = 0, above = batch, guess = extrapolate(run, batch, refused, room);
  for (let trial = 0; trial < MOST_TRIALS && above - below > unit; trial++) {
    if (below > 0 && (performance.now() > deadline || above < below * CLOSE)) break;
    // Where kernels change with the batch, memory is not quite linear.
    if (below > 0 && (guess <= below || guess >= above)) guess = (below + above) / 2;
    const size = Math.min(above - unit, Math.max(below + unit, unit * Math.floor(guess / unit)));
    const found = await tryOptions(run, { ...options, batch: size });
    guess = extrapolate(run, size, found, room);
    if (doesFit(run, found, room)) below = size;
    else above = size;
  }
  return below > 0 ? below : undefined;
}

/** The smallest divisor of a number that is at least `from`. */
function smallestDivisor(number: number, from: number): number {
  let divisor = from;
  while (number % divisor !== 0) divisor++;
  return divisor;
}

/** What would fit instead of a run that was refused. */
export async function findFitting<P extends Params, S extends Params>(
  run: Runtime,
  options: FitOptions<P, S>,
  refused: Trial,
): Promise<FittingRun> {
  const { train, batch = 1, accumulate = 1 } = options;
  if (!isPrepared(train) || severalProcesses(options)) return {};
  const room = USED * (run.availableMemory() ?? Infinity);
  const largest = await findBatch(run, options, refused, room);
  if (largest === undefined || accumulate > 1) return { batch: largest };
  const parts = smallestDivisor(batch, Math.ceil(batch / largest));
  const inParts = parts < batch &&
    doesFit(run, await tryOptions(run, { ...options, accumulate: parts }), room);
  return { batch: largest, ...(inParts && { accumulate: parts }) };
}
