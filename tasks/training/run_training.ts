/**
 * One training run from an open device to its last file: started or resumed, initialized, trained,
 * saved, finished.
 *
 * @module
 */
import { batchesPerEpoch } from "../../src/data/mod.ts";
import { countParameters } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { type FoundCheckpoint, saveParams } from "../../src/train/mod.ts";
import { leaves } from "../../src/tree.ts";
import { openDevice } from "../cli/command.ts";
import { OptionError } from "../cli/options.ts";
import { imageSpec } from "../models/model.ts";
import { runFields } from "../models/run_fields.ts";
import { type Observer, observers, type Resumed, type StartEvent } from "../run/events.ts";
import type { InitCost, Manifest, RunResults, Status } from "../run/manifest.ts";
import { resumeRun, startRun } from "../run/open_run.ts";
import { recordRun } from "../run/record_run.ts";
import type { Settings } from "../run/settings.ts";
import { epochRow, type LsuvRow } from "../run/tables.ts";
import { initializeParams, type Start } from "./initialize.ts";
import { profileRows, profileTable } from "../run/profile_table.ts";
import { secondsTrained, type Session, type TrainingSpec } from "./session.ts";
import { type AfterEpoch, type Trained, trainEpochs } from "./train_epochs.ts";
import { buildRunNet } from "./build.ts";

/** How a run ended. */
export interface Ended {
  readonly status: Status;
  /** Its folder. */
  readonly folder: string;
  readonly results: RunResults;
}

const roundMillis = (seconds: number) => Number(seconds.toFixed(3));

function checkBatch({ settings: { batch }, data: { splits } }: TrainingSpec): void {
  const { count } = splits.train.dataset;
  if (batch <= count) return;
  throw new OptionError(`--batch: expected at most the ${count} training images, found ${batch}`);
}

function openSpecDevice({ settings, threads = settings.threads, profile = false }: TrainingSpec) {
  const { device, winograd, wide } = settings;
  return openDevice({ device, threads, winograd, wide, profile });
}

/** The checkpoint that a run resumes from, as an event has it. */
function resumedFrom(found: FoundCheckpoint | undefined): Resumed | undefined {
  if (!found) return undefined;
  const { checkpoint, path, damaged } = found;
  if (!checkpoint) return { damaged };
  const { step, device, epochs } = checkpoint;
  return { from: { step, path: path!, device, epochs: epochs.map(epochRow) }, damaged };
}

function startEvent({ settings, splits, folder, resume }: Session, manifest: Manifest): StartEvent {
  const { train, test } = splits;
  return {
    kind: "start",
    folder: folder.path,
    settings,
    manifest,
    stepsPerEpoch: batchesPerEpoch(train, settings.batch),
    images: { train: train.dataset.count, test: test.dataset.count },
    resumed: resumedFrom(resume),
  };
}

/** How often LSUV sent a batch through: once for all layers, or once a trial and layer. */
function forwardPasses({ lsuvMode }: Settings, report: readonly LsuvRow[]): number {
  if (lsuvMode !== "fresh") return 1;
  const trials = new Map<string, number>();
  for (const row of report) {
    trials.set(row.name, Math.max(trials.get(row.name) ?? 0, row.trials));
  }
  return [...trials.values()].reduce((sum, most) => sum + most + 1, 0);
}

/** Makes the initial parameters and measures what they cost: their last values are waited for. */
async function initializeTimed(
  run: Runtime,
  settings: Settings,
  work: () => Promise<Start>,
): Promise<Start & { readonly cost: InitCost }> {
  const began = performance.now(), start = await work();
  await run.read(leaves<Tensor>(start.params).slice(-1));
  const initSeconds = roundMillis((performance.now() - began) / 1000);
  const passes = start.report && forwardPasses(settings, start.report);
  return { ...start, cost: { initSeconds, forwardPasses: passes } };
}

/** Makes and announces the initial parameters. Where there is a checkpoint, only their shapes count, and nothing is computed. */
async function initialize(session: Session): Promise<Start> {
  const { spec, run, net, settings, splits: { train }, resume, emit } = session;
  if (resume?.checkpoint) {
    const params = net.init(key(0), imageSpec(train.dataset));
    await emit({ kind: "initialization", parameters: countParameters(params) });
    return { params };
  }
  const work = () => initializeParams(run, net, settings, train);
  const start = spec.layerProbe ? await initializeTimed(run, settings, work) : await work();
  const { report, cost } = start as Start & { readonly cost?: InitCost };
  await emit({
    kind: "initialization",
    parameters: countParameters(start.params),
    report,
    cost,
  });
  return start;
}

/** Looks at the layers of a new run at its start; what looks at them after each epoch. */
async function probeLayers(
  session: Session,
  { params, before }: Start,
): Promise<AfterEpoch | undefined> {
  const { spec: { layerProbe }, run, net, settings, splits, resume, emit } = session;
  if (!layerProbe) return undefined;
  const probe = layerProbe(run, net, settings, splits.train);
  const look = async (params: Params, step: number, phase: string) =>
    await emit({ kind: "layers", rows: await probe(params, { step, phase }) });
  if (!resume?.checkpoint) {
    if (before) await look(before, 0, "before lsuv");
    await look(params, 0, before ? "after lsuv" : "initial");
  }
  return (params, { epoch, step }) => look(params, step, `epoch ${epoch}`);
}

/** Says where the time has gone. */
async function reportProfile({ run, emit }: Session): Promise<void> {
  const profile = await run.profile(), peak = await run.peak();
  await emit({
    kind: "profile",
    rows: profileRows(profile, peak),
    text: profileTable(profile, peak),
    summary: { ms: profile.ms, outside: profile.outside, most: peak },
  });
}

/** Saves the weights, and says what the run came to; it is finished only once all else is written. */
async function finish(session: Session, trained: Trained): Promise<Ended> {
  const { spec, run, settings: { init, seed }, folder, model, emit } = session;
  const { status, step, params, last, fault } = trained;
  const path = await folder.weights(
    await saveParams(run, params, { ...model, init, seed: String(seed) }),
  );
  const results = {
    parameters: countParameters(params),
    steps: step,
    seconds: roundMillis(secondsTrained(session)),
    lastEpoch: last,
    checkpoints: {
      ...trained.checkpoints,
      seconds: roundMillis(trained.checkpoints.seconds),
    },
    fault,
  };
  if (spec.profile) await reportProfile(session);
  await emit({ kind: "weights", path });
  await emit({ kind: "end", status, results });
  return { status, folder: folder.path, results };
}

async function train(session: Session, manifest: Manifest): Promise<Ended> {
  await session.emit(startEvent(session, manifest));
  const start = await initialize(session), afterEpoch = await probeLayers(session, start);
  if (session.spec.profile) await session.run.profile();
  return await finish(session, await trainEpochs(session, start.params, afterEpoch));
}

/**
 * Trains a run, or what is left of it, in its folder; what it came to. Everything on the way goes to the
 * folder first and then to `observer`. A run that diverges or is stopped has ended in good order.
 */
export async function runTraining(spec: TrainingSpec, observer: Observer): Promise<Ended> {
  checkBatch(spec);
  const began = performance.now(), { task, settings, data: { splits, origin } } = spec;
  await using run = await openSpecDevice(spec);
  const usual = runFields(task, settings, splits.train), { preprocessing } = spec;
  const model = preprocessing ? { ...usual, preprocessing } : usual;
  using claimed = spec.earlier ? undefined : await spec.claimFolder();
  const { command, started = new Date(), earlier } = spec;
  const described = { run, settings, splits, origin, model, command, started };
  const { folder, manifest, resume } = earlier
    ? await resumeRun(described, earlier)
    : await startRun(described, claimed!.path);
  const emit = observers(recordRun(folder), observer);
  const net = buildRunNet(settings, splits.train.dataset.classes);
  const session = { spec, run, net, settings, splits, folder, model, resume, began, emit };
  try {
    return await train(session, manifest);
  } catch (error) {
    await emit({ kind: "failure", fault: `${error}` });
    throw error;
  }
}
