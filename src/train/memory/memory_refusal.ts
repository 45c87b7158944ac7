/**
 * The error of a training run that needs more memory than there is.
 *
 * @module
 */
import { MemoryError } from "../../device/memory_error.ts";
import { showBytes } from "../../show/bytes.ts";
import type { TrainingMemory } from "./training_memory.ts";

/**
 * What a training run needs by groups, in bytes, in the words of errors and reports.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const kind = { size: 28, channels: 1, count: 64 } as const;
 * const { train } = g.data.prepareMnist(
 *   g.data.procedural({ split: "train", ...kind }),
 *   g.data.procedural({ split: "test", ...kind }),
 * );
 * const net = g.sequential(g.nn.flatten, g.nn.dense(10)), optimizer = g.optim.sgd({ learningRate: 0.1 });
 * const params = net.init(g.key(0), g.placeholder({ shape: [1, 28, 28, 1], dtype: "f32" }));
 * await using run = await g.open({ device: "reference" });
 * const needed = await g.train.requiredMemory(run, { net, params, optimizer, train, batch: 8, epochs: 1 });
 * console.assert(g.train.memoryGroups(needed)["weights and state"]! > 0);
 * ```
 */
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

/**
 * The groups as text: `activations 1.23 GiB, weights and state 20.1 MiB, …`.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const kind = { size: 28, channels: 1, count: 64 } as const;
 * const { train } = g.data.prepareMnist(
 *   g.data.procedural({ split: "train", ...kind }),
 *   g.data.procedural({ split: "test", ...kind }),
 * );
 * const net = g.sequential(g.nn.flatten, g.nn.dense(10)), optimizer = g.optim.sgd({ learningRate: 0.1 });
 * const params = net.init(g.key(0), g.placeholder({ shape: [1, 28, 28, 1], dtype: "f32" }));
 * await using run = await g.open({ device: "reference" });
 * const needed = await g.train.requiredMemory(run, { net, params, optimizer, train, batch: 8, epochs: 1 });
 * console.assert(g.train.showMemoryGroups(needed).startsWith("activations"));
 * ```
 */
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

/**
 * A training run needs more memory than there is; it is thrown before its first step.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * const kind = { size: 28, channels: 1, count: 64 } as const;
 * const { train } = g.data.prepareMnist(
 *   g.data.procedural({ split: "train", ...kind }),
 *   g.data.procedural({ split: "test", ...kind }),
 * );
 * const net = g.sequential(g.nn.flatten, g.nn.dense(10)), optimizer = g.optim.sgd({ learningRate: 0.1 });
 * const params = net.init(g.key(0), g.placeholder({ shape: [1, 28, 28, 1], dtype: "f32" }));
 * await using run = await g.open({ device: "cpu", memory: 6e5 });
 * try {
 *   for await (const _ of g.fit(run, { net, params, optimizer, train, batch: 64, epochs: 1 })) break
 * } catch (error) {
 *   if (!(error instanceof g.train.TrainingMemoryError)) throw error;
 *   console.assert(error.fits.batch! > 8 && error.fits.batch! < 64, error.message);
 * }
 * ```
 */
export class TrainingMemoryError extends MemoryError {
  /** The name shown in a stack trace. */
  override readonly name: string = "TrainingMemoryError";
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
    this.fits = fits;
  }
}

/** What was expected and found of a run that does not fit. */
export const refusalText = (needed: TrainingMemory, further: number, available: number): string =>
  `fit: expected to need at most the ${
    showBytes(available, 3)
  } of memory that are available, found ${showBytes(further, 3)} (${showMemoryGroups(needed)})`;
