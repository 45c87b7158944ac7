/**
 * Training the epochs of a run, with events.
 *
 * @module
 */
import { batchesPerEpoch } from "../../src/data/mod.ts";
import type { Params } from "../../src/tensor.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import {
  cutmix,
  DivergedError,
  fit,
  type FitEvent,
  mixup,
  type TrainingMemory,
} from "../../src/train/mod.ts";
import type { Status } from "../run/manifest.ts";
import { type EpochRow, epochRow } from "../run/tables.ts";
import { forecaster, secondsLeft } from "./forecast.ts";
import { inOptions, memoryFacts } from "./memory.ts";
import type { RunSession } from "./session.ts";
import { teacherObjective } from "./pretrain/teacher.ts";
import { buildOptimizer } from "./build_optimizer.ts";

/** The outcome of the epochs. */
export interface EpochsOutcome {
  readonly status: Status;
  /** Steps taken with a finite loss. */
  readonly step: number;
  /** The trained parameters, or the last good ones. */
  readonly params: Params;
  /** The last completed epoch. */
  readonly last?: EpochRow | undefined;
  /** The epoch whose weights `params` are, where the best one's are kept. */
  readonly best?: EpochRow | undefined;
  /** How many checkpoints were written, and the seconds for which training was paused. */
  readonly checkpoints: { readonly count: number; readonly seconds: number };
  /** Why the run diverged. */
  readonly fault?: string;
  /** The steps that the last good weights of a run that diverged had taken. */
  readonly keptStep?: number;
}

/** The options of `fit`, from the settings. */
function fitOptions(session: RunSession, params: readonly Params[]) {
  const { net, settings, splits: { train, test }, folder, spec, began, resume, teacher } = session;
  const { batch, epochs, seed, augment, resident, lossEvery, keepBest, patience } = settings;
  const { labelSmoothing, accumulate, averaging, mixup: alpha, cutmix: cut, onNonfinite } =
    settings;
  const stepsPerEpoch = batchesPerEpoch(train, batch);
  return {
    net,
    params,
    optimizer: buildOptimizer(settings, stepsPerEpoch, params),
    objective: teacher && teacherObjective(teacher, settings, stepsPerEpoch),
    loss: LOSSES[settings.loss],
    ...{ train, test, batch, epochs, seed, augment },
    ...{ labelSmoothing, accumulate, averaging },
    mixing: alpha !== undefined ? mixup(alpha) : cut !== undefined ? cutmix(cut) : undefined,
    best: keepBest && { metric: keepBest, patience },
    resident: resident && resident === "yes",
    onNonFinite: onNonfinite,
    progressSteps: lossEvery,
    checkpoint: { folder: folder.checkpoints, everySeconds: spec.checkpointEvery, since: began },
    resume,
    newOptimizer: spec.earlier?.updatesAnew,
    signal: spec.signal,
    distributed: spec.group?.job,
  };
}

/** Measures the layers of a net between two steps, while its parameters exist. */
export type AfterEpoch = (params: Params, row: EpochRow) => Promise<void>;

/** Trains from initial parameters. A run that diverges ends with its last good parameters. */
export async function trainEpochs(
  session: RunSession,
  start: readonly Params[],
  afterEpoch?: AfterEpoch,
): Promise<EpochsOutcome> {
  const { run, settings: { batch, epochs, lossEvery }, splits: { test }, resume, emit } = session;
  const extent = { batch, epochs, tested: test.dataset.count }, forecast = forecaster(extent);
  const before = resume?.checkpoint?.epochs.at(-1);
  let last = before && epochRow(before), checkpoints = { count: 0, seconds: 0 };
  const handle = async (event: FitEvent): Promise<EpochsOutcome | undefined> => {
    switch (event.kind) {
      case "progress":
      case "epoch": {
        const seconds = forecast(event), left = secondsLeft(event, extent);
        if (seconds !== undefined) await emit({ kind: "forecast", seconds });
        if (lossEvery && (event.kind === "epoch" || event.step % lossEvery === 0)) {
          const { step, epoch, trainLoss: epochLoss } = event;
          await emit({ kind: "loss", step, epoch: epoch + 1, epochLoss });
        }
        if (event.kind === "progress") {
          const { kind: _, ...progress } = event;
          await emit({ kind: "step", progress, secondsLeft: left });
          return undefined;
        }
        last = epochRow(event);
        await emit({ kind: "epoch", row: last, epochs, secondsLeft: left });
        await afterEpoch?.(event.params, last);
        return undefined;
      }
      case "checkpoint": {
        const { step, seconds } = event;
        checkpoints = { count: checkpoints.count + 1, seconds: checkpoints.seconds + seconds };
        await emit({ kind: "checkpoint", step, seconds });
        return undefined;
      }
      case "end": {
        const { step, stopped, averages, best: kept } = event;
        const params = kept?.params ?? averages ?? event.params;
        const status = stopped ? "stopped" : "finished", best = kept && epochRow(kept);
        return { status, step, params, last, best, checkpoints };
      }
    }
  };
  try {
    const onMemory = (needed: TrainingMemory, available?: number) =>
      emit({ kind: "memory", memory: memoryFacts(needed, available) });
    for await (const event of fit(run, { ...fitOptions(session, start), onMemory })) {
      const ended = await handle(event);
      if (ended) return ended;
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw inOptions(error);
    const { best: kept, averages, step, keptStep, reason: fault } = error;
    const params = (kept?.params ?? averages ?? error.params) as readonly Params[];
    const status = `diverged at step ${step + 1}` as const, best = kept && epochRow(kept);
    return { status, step, params, last, best, checkpoints, fault, keptStep };
  }
  throw new Error("train: expected the training to emit its end, found none");
}
