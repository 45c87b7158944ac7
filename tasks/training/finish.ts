/**
 * The end of a run: saves its weights and emits its results.
 *
 * @module
 */
import { countParameters } from "../../src/models/mod.ts";
import { saveParams } from "../../src/train/mod.ts";
import type { RunResults, Status } from "../run/manifest.ts";
import { profileRows, profileTable } from "../run/profile_table.ts";
import { roundMillis, type RunSession, secondsTrained } from "./session.ts";
import type { EpochsOutcome } from "./train_epochs.ts";

/** How a run ended. */
export interface RunOutcome {
  readonly status: Status;
  /** Its folder. */
  readonly folder: string;
  readonly results: RunResults;
}

/** Emits where the time went. */
async function reportProfile({ run, emit }: RunSession): Promise<void> {
  const profile = await run.profile(), peak = await run.peak();
  await emit({
    kind: "profile",
    rows: profileRows(profile, peak),
    text: profileTable(profile, peak),
    summary: { ms: profile.ms, outside: profile.outside, most: peak },
  });
}

/** Emits the results of a run that was stopped before it had parameters, and so has no weights. */
export async function finishEarly(session: RunSession, parameters: number): Promise<RunOutcome> {
  const seconds = roundMillis(secondsTrained(session)), status = "stopped";
  const results = { parameters, steps: 0, seconds, checkpoints: { count: 0, seconds: 0 } };
  await session.emit({ kind: "end", status, results });
  return { status, folder: session.folder.path, results };
}

/** Saves the weights and emits the results; the end comes last, once everything else is written. */
export async function finish(session: RunSession, trained: EpochsOutcome): Promise<RunOutcome> {
  const { spec, run, settings: { init, seed }, folder, model, emit } = session;
  const { status, step, params, last, best, fault, keptStep } = trained;
  const path = await folder.weights(
    await saveParams(run, params, { ...model, init, seed: String(seed) }),
  );
  const results = {
    parameters: countParameters(params),
    steps: step,
    seconds: roundMillis(secondsTrained(session)),
    lastEpoch: last,
    bestEpoch: best,
    checkpoints: {
      ...trained.checkpoints,
      seconds: roundMillis(trained.checkpoints.seconds),
    },
    fault,
    ...(keptStep !== undefined && { keptStep }),
  };
  if (spec.profile) await reportProfile(session);
  await emit({ kind: "weights", path });
  await emit({ kind: "end", status, results });
  return { status, folder: folder.path, results };
}
