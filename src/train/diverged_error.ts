/**
 * The error of a training run that diverged.
 *
 * @module
 */
import type { Params } from "../tensor.ts";
import type { BestEpoch } from "./events.ts";
import { type NonFinite, showFinding } from "./nonfinite/finding.ts";

/** What a {@linkcode DivergedError} says. */
export interface Divergence<P extends Params> {
  /** The step, from 0, whose loss, gradients or updated parameters were not finite. */
  readonly step: number;
  /** The epoch of that step, from 0. */
  readonly epoch: number;
  /** Its batch in the epoch, from 0. */
  readonly batch: number;
  /** The last parameters with finite loss and gradients. */
  readonly params: P;
  /** Their running averages, in a training run with `averaging`. */
  readonly averages?: P | undefined;
  /** How many steps those parameters had taken. */
  readonly keptStep: number;
  /** The best epoch, in a training run with `best`; absent if no epoch had ended. */
  readonly best?: BestEpoch<P> | undefined;
  /** What was not finite; absent where the step could not be replayed. */
  readonly found?: NonFinite | undefined;
  /** Why nothing was found, as the end of a sentence. */
  readonly unknown?: string | undefined;
  /** What had been done before it ended the run, as text. */
  readonly after?: string | undefined;
  /** The stage of a training in stages. */
  readonly stage?: string | undefined;
}

/** Which weights are kept. */
export const showKept = (keptStep: number): string =>
  keptStep === 0 ? "the initial weights" : `the weights of step ${keptStep}`;

/** Where and what, as a sentence without its period. */
function reasonOf(
  { step, epoch, batch, found, unknown, after, stage }: Divergence<Params>,
): string {
  const what = found
    ? showFinding(found)
    : `the loss, a gradient or an updated weight is not finite${unknown ? `; ${unknown}` : ""}`;
  const place = `step ${step + 1} (epoch ${epoch + 1}, batch ${batch + 1})`;
  const where = after ? `${place}, ${after}` : place;
  return `${stage === undefined ? "" : `${stage}: `}${where}: ${what}`;
}

/**
 * The error of a training run that diverged: a loss, a gradient or an updated weight is not finite. `fit`
 * replays the step to find where that began.
 *
 * @example
 * ```ts
 * import * as g from "@goodinit/goodinit";
 *
 * await using run = await g.open({ device: "reference" });
 * const data = g.data.procedural({ split: "train", count: 40, size: 16, channels: 1 });
 * const { train } = g.data.prepareMnist(data, data), net = g.sequential(g.nn.flatten, g.nn.dense(10));
 * const params = net.init(g.key(0), g.placeholder({ shape: [10, 16, 16, 1], dtype: "f32" }));
 * const optimizer = g.optim.sgd({ learningRate: 1e38 });
 * try {
 *   for await (const _ of g.fit(run, { net, params, optimizer, train, batch: 10, epochs: 2 })) continue;
 * } catch (error) {
 *   console.assert(error instanceof g.train.DivergedError && error.found?.layer === "[1] dense");
 * }
 * ```
 */
export class DivergedError<P extends Params = Params> extends Error implements Divergence<P> {
  /** The name shown in a stack trace. */
  override readonly name = "DivergedError";
  /** The step, from 0, whose loss, gradients or updated parameters were not finite. */
  readonly step: number;
  /** The epoch of that step, from 0. */
  readonly epoch: number;
  /** Its batch in the epoch, from 0. */
  readonly batch: number;
  /**
   * The last parameters whose loss and gradients on a batch were finite; those of the last checkpoint
   * before, else the initial ones, where more than `onNonFinite.keepBytes` would have been kept twice.
   */
  readonly params: P;
  /** Their running averages, in a training run with `averaging`. */
  readonly averages: P | undefined;
  /** How many steps those parameters had taken. */
  readonly keptStep: number;
  /** The best epoch, in a training run with `best`. */
  readonly best: BestEpoch<P> | undefined;
  /** The step and what was not finite in it, as text: the message without what is kept and what may help. */
  readonly reason: string;
  /** Where numbers first were not finite; absent where the step could not be replayed. */
  readonly found: NonFinite | undefined;

  /** The error of a step. */
  constructor(divergence: Divergence<P>) {
    const { step, epoch, batch, params, averages, keptStep, best, found } = divergence;
    const reason = reasonOf(divergence), kept = showKept(keptStep).replace(/^t/, "T");
    super(
      `fit: ${reason}. ${kept} are kept; a smaller learning rate or clipped gradients may help`,
    );
    this.reason = reason;
    this.best = best;
    this.step = step;
    this.epoch = epoch;
    this.batch = batch;
    this.params = params;
    this.averages = averages;
    this.keptStep = keptStep;
    this.found = found;
  }
}
