/**
 * The epochs of a training task: each shown and written as it ends.
 *
 * @module
 */
import { batchesPerEpoch, type PreparedSplits } from "../src/data/mod.ts";
import type { Fitnet } from "../src/models/mod.ts";
import type { Runtime } from "../src/runtime.ts";
import type { Params } from "../src/tensor.ts";
import { DivergedError, type EpochEvent, fit, LOSSES } from "../src/train/mod.ts";
import { epochLine, type Reporter } from "./progress.ts";
import { optimizerOf, type Settings } from "./recipe.ts";
import type { EpochRow, RunFolder, Status } from "./run_folder.ts";

/** What a training works on and tells. */
export interface Training {
  readonly run: Runtime;
  readonly net: Fitnet;
  readonly settings: Settings;
  readonly splits: PreparedSplits;
  readonly folder: RunFolder;
  readonly reporter: Reporter;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

/** What a training came to. */
export interface Outcome {
  readonly status: Status;
  /** Steps taken with a finite loss. */
  readonly step: number;
  /** The trained parameters, or the last good ones. */
  readonly params: Params;
  /** The last whole epoch. */
  readonly last?: EpochRow;
  /** What went wrong. */
  readonly fault?: string;
}

function rowOf({ epoch, step, trainLoss, trainAccuracy, ...rest }: EpochEvent): EpochRow {
  const { test, seconds, imagesPerSecond } = rest;
  const { loss: testLoss = NaN, accuracy: testAccuracy = NaN } = test ?? {};
  const tested = { testLoss, testAccuracy, seconds, imagesPerSecond };
  return { epoch: epoch + 1, step, trainLoss, trainAccuracy, ...tested };
}

/** Trains from initial parameters, writing a row an epoch. */
export async function trainEpochs(at: Training, start: readonly Params[]): Promise<Outcome> {
  const { run, net, settings, splits: { train, test }, folder, reporter, signal } = at;
  const { batch, epochs, seed, augment } = settings, loss = LOSSES[settings.loss];
  const optimizer = optimizerOf(settings, batchesPerEpoch(train, batch));
  const data = { train, test, batch, epochs, seed, augment };
  let last: EpochRow | undefined;
  try {
    for await (const event of fit(run, { net, params: start, optimizer, loss, ...data, signal })) {
      if (event.kind === "progress") reporter.progress(event);
      else if (event.kind === "epoch") {
        last = rowOf(event);
        await folder.epoch(last);
        await reporter.say(epochLine(event, epochs));
      } else {
        const { step, params, stopped } = event;
        return { status: stopped ? "stopped" : "finished", step, params, last };
      }
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    const { step, params, message } = error;
    return { status: `diverged at step ${step + 1}`, step, params, last, fault: message };
  }
  throw new Error("train: expected the training to tell its end, found none");
}
