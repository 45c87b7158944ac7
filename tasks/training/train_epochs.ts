/**
 * The epochs of a training task: each shown and written as it ends.
 *
 * @module
 */
import { batchesPerEpoch, type PreparedSplits } from "../../src/data/mod.ts";
import type { Model } from "../../src/models/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params } from "../../src/tensor.ts";
import {
  DivergedError,
  type EpochRecord,
  fit,
  type FoundCheckpoint,
  LOSSES,
} from "../../src/train/mod.ts";
import { forecaster, secondsLeft } from "./forecast.ts";
import { epochLine, type Reporter } from "../cli/progress.ts";
import { optimizerOf } from "./recipe.ts";
import type { RunFolder } from "../run/run_folder.ts";
import type { Settings } from "../run/settings.ts";
import type { EpochRow } from "../run/tables.ts";
import type { Status } from "../run/manifest.ts";

/** What a training works on and tells. */
export interface Training {
  readonly run: Runtime;
  readonly net: Model;
  readonly settings: Settings;
  readonly splits: PreparedSplits;
  readonly folder: RunFolder;
  readonly reporter: Reporter;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
  /** Seconds from one checkpoint to the next. */
  readonly checkpointEvery: number;
  /** What `performance.now()` was when it began, or began to go on. */
  readonly began: number;
  /** What there is to go on from; absent in a new run. */
  readonly resume?: FoundCheckpoint | undefined;
  /** Told once, as soon as steps have been timed: how many seconds training will take from there. */
  readonly announce?: (seconds: number) => Promise<void>;
  /** Looks at the parameters after an epoch, from 1; they are gone once it is done. */
  readonly afterEpoch?: (params: Params, epoch: number, step: number) => Promise<void>;
}

/** What a training came to. */
export interface Outcome {
  readonly status: Status;
  /** Steps taken with a finite loss. */
  readonly step: number;
  /** The trained parameters, or the last good ones. */
  readonly params: Params;
  /** The last whole epoch. */
  readonly last?: EpochRow | undefined;
  /** How many checkpoints were written, and the seconds that training stood still for them. */
  readonly checkpoints: { readonly count: number; readonly seconds: number };
  /** What went wrong. */
  readonly fault?: string;
}

/** Seconds since a training began: those of this life, and of earlier ones up to their checkpoints. */
export const secondsOf = ({ began, resume }: Pick<Training, "began" | "resume">): number =>
  (resume?.checkpoint?.elapsed ?? 0) + (performance.now() - began) / 1000;

function rowOf({ epoch, step, trainLoss, trainAccuracy, ...rest }: EpochRecord): EpochRow {
  const { test, seconds, imagesPerSecond } = rest;
  const { loss: testLoss = NaN, accuracy: testAccuracy = NaN } = test ?? {};
  const tested = { testLoss, testAccuracy, seconds, imagesPerSecond };
  return { epoch: epoch + 1, step, trainLoss, trainAccuracy, ...tested };
}

/** Trains from initial parameters, writing a row an epoch. */
export async function trainEpochs(at: Training, start: readonly Params[]): Promise<Outcome> {
  const { run, net, settings, splits: { train, test }, folder, reporter, signal, resume } = at;
  const { batch, epochs, seed, augment } = settings, loss = LOSSES[settings.loss];
  const optimizer = optimizerOf(settings, batchesPerEpoch(train, batch));
  const resident = settings.resident && settings.resident === "yes";
  const data = { train, test, batch, epochs, seed, augment, resident };
  const checkpoint = {
    folder: folder.checkpoints,
    everySeconds: at.checkpointEvery,
    since: at.began,
  };
  const kept = { checkpoint, resume }, before = resume?.checkpoint?.epochs.map(rowOf) ?? [];
  const options = { net, params: start, optimizer, loss, ...data, ...kept, signal };
  const extent = { batch, epochs, tested: test.dataset.count }, forecast = forecaster(extent);
  let last = before.at(-1), checkpoints = { count: 0, seconds: 0 };
  try {
    if (resume) await folder.after(before);
    for await (const event of fit(run, options)) {
      if (event.kind === "progress" || event.kind === "epoch") {
        const length = forecast(event);
        if (length !== undefined) await at.announce?.(length);
        if (event.kind === "progress") reporter.progress(event, secondsLeft(event, extent));
      }
      if (event.kind === "epoch") {
        last = rowOf(event);
        await folder.epoch(last);
        await at.afterEpoch?.(event.params, last.epoch, last.step);
        await reporter.say(epochLine(event, epochs));
      } else if (event.kind === "checkpoint") {
        const { count, seconds } = checkpoints;
        checkpoints = { count: count + 1, seconds: seconds + event.seconds };
      } else if (event.kind === "end") {
        const { step, params, stopped } = event;
        return { status: stopped ? "stopped" : "finished", step, params, last, checkpoints };
      }
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    const { step, params, message } = error;
    const status = `diverged at step ${step + 1}` as const;
    return { status, step, params, last, checkpoints, fault: message };
  }
  throw new Error("train: expected the training to tell its end, found none");
}
