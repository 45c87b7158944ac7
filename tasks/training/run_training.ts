/**
 * One training run, from opening the device to the last file: started or resumed, initialized, trained,
 * saved, finished.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import { countParameters } from "../../src/models/mod.ts";
import { batchesPerEpoch, inputSize } from "../../src/data/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { FoundCheckpoint } from "../../src/train/mod.ts";
import { openDevice } from "../cli/command.ts";
import { uncomputedParams } from "../models/model.ts";
import type { OpenModel } from "../models/open.ts";
import { parseModel } from "../models/parse_model.ts";
import { runFields } from "../models/run_fields.ts";
import { type Observer, observers, type Resumed, type StartEvent } from "../run/events.ts";
import type { Manifest } from "../run/manifest.ts";
import { resumeRun, startRun } from "../run/open_run.ts";
import { recordRun } from "../run/record_run.ts";
import { epochRow } from "../run/tables.ts";
import { buildRunNet } from "./build.ts";
import { byLayer } from "./by_layer.ts";
import { pickFields } from "../models/fields.ts";
import { finish, finishEarly, type RunOutcome } from "./finish.ts";
import { gpuVariables } from "./processes/gpu.ts";
import { describeProcesses } from "./processes/group.ts";
import { lead } from "./processes/lead.ts";
import { checkDevices, openTogether } from "./processes/open_together.ts";
import { initialize } from "./initialize.ts";
import type { InitialParams } from "./initialize_params.ts";
import { trainStages } from "./pretrain/stages.ts";
import { openTeacher } from "./pretrain/teacher.ts";
import { probeLayers } from "./probe_layers.ts";
import type { RunSession, TrainingSpec } from "./session.ts";
import { trainEpochs } from "./train_epochs.ts";
import { type RunImages, runImages } from "./whiten.ts";
import { OptionError } from "../cli/option_table.ts";

function checkBatch({ settings: { batch }, data: { splits } }: TrainingSpec): void {
  const { count } = splits.train.dataset;
  if (batch <= count) return;
  throw new OptionError(
    `--batch: expected at most the ${counted(count, "training image")}, found ${batch}`,
  );
}

/**
 * Throws a {@linkcode TaskError} on a net that cannot take the images, and an {@linkcode OptionError} on
 * numbers by layer that are not as many as the net has layers.
 */
function checkNet({ settings, data: { splits: { train } } }: TrainingSpec): void {
  const { layerStds, layerRates, layerDecays, maxNorm } = settings;
  const lists = {
    "layer-stds": layerStds,
    "layer-rates": layerRates,
    "layer-decays": layerDecays,
    "max-norm": maxNorm,
  };
  const given = Object.entries(lists).filter(([, numbers]) => numbers && numbers.length > 0);
  const net = buildRunNet(settings, train.dataset.classes);
  const params = uncomputedParams(net, { ...inputSize(train), net: settings.net }, "--net");
  for (const [name, numbers] of given) byLayer(name, numbers!, params);
}

/** Opens the device of a run. */
export function openSpecDevice(spec: TrainingSpec) {
  const { settings, group, native = true, profile = false } = spec;
  const { threads = settings.threads ?? group?.threads } = spec,
    { device, winograd, wide } = settings;
  if (group && ["auto", "webgpu"].includes(device)) {
    for (const [name, value] of Object.entries(gpuVariables(group.localRank))) {
      Deno.env.set(name, value);
    }
  }
  return openDevice({ device, threads, winograd, wide, native, profile });
}

/** The checkpoint that a run resumes from, for an event. */
function resumedFrom(found: FoundCheckpoint | undefined): Resumed | undefined {
  if (!found) return undefined;
  const { checkpoint, path, damaged } = found;
  if (!checkpoint) return { damaged };
  const { step, device, epochs } = checkpoint;
  return { from: { step, path: path!, device, epochs: epochs.map(epochRow) }, damaged };
}

function startEvent(
  { settings, splits, folder, resume }: RunSession,
  manifest: Manifest,
): StartEvent {
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

/** The initial parameters; undefined where the run was stopped before it had them. */
async function initializeUnlessStopped(session: RunSession): Promise<InitialParams | undefined> {
  const { signal } = session.spec;
  try {
    return await initialize(session);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return undefined;
  }
}

/** The parameters of a run's net, which need not be computed. */
const countRunParameters = ({ net, settings, splits: { train } }: RunSession): number =>
  countParameters(uncomputedParams(net, { ...inputSize(train), net: settings.net }, "--net"));

async function train(session: RunSession, manifest: Manifest): Promise<RunOutcome> {
  await session.emit(startEvent(session, manifest));
  const start = await initializeUnlessStopped(session);
  if (!start) return await finishEarly(session, countRunParameters(session));
  const afterEpoch = await probeLayers(session, start);
  if (session.spec.profile) await session.run.profile();
  const { status, ...staged } = session.resume?.checkpoint
    ? { params: start.params }
    : await trainStages(session, start.params);
  const trained = status === undefined
    ? await trainEpochs(session, staged.params, afterEpoch)
    : { ...staged, status, step: 0, checkpoints: { count: 0, seconds: 0 } };
  return await finish(session, trained);
}

/** The metadata of a run's weights file. */
function describeModel(
  { task, settings, preprocessing }: TrainingSpec,
  { splits, whitening }: RunImages,
) {
  const fields = { ...runFields(task, settings, splits.train), whitening: whitening?.sha256 };
  return pickFields(preprocessing ? { ...fields, preprocessing } : fields);
}

/** Starts a run in a new folder, or resumes an earlier one in its own. */
async function openSession(
  spec: TrainingSpec,
  { run, path, began, observer, teacher }: {
    readonly run: Runtime;
    readonly teacher: OpenModel | undefined;
    /** The new folder; absent for an earlier run, which has one. */
    readonly path: string | undefined;
    readonly began: number;
    readonly observer: Observer;
  },
): Promise<readonly [RunSession, Manifest]> {
  const { settings, data: { origin }, command, started = new Date(), earlier, group } = spec;
  const images = await runImages(run, spec), { splits, whitening } = images;
  const model = describeModel(spec, images);
  const processes = group && describeProcesses(group);
  const info = { run, settings, splits, origin, model, command, started, processes };
  const opened = await openTogether(
    group,
    () => earlier ? resumeRun(info, earlier) : startRun(info, path!),
  );
  const { folder, resume, manifest } = opened;
  const emit = "epoch" in folder ? observers(recordRun(folder), observer) : observers();
  if (whitening) await folder.whitening(whitening.bytes);
  const net = buildRunNet(settings, splits.train.dataset.classes);
  return [
    { spec, run, net, settings, splits, folder, model, resume, began, emit, teacher },
    manifest,
  ];
}

/**
 * Trains a run, or the remainder of a resumed one, in its folder; returns its outcome. Every event is
 * written to the folder first and then passed to `observer`. A run that diverges or is stopped does not
 * throw.
 */
export async function runTraining(spec: TrainingSpec, observer: Observer): Promise<RunOutcome> {
  checkBatch(spec);
  checkNet(spec);
  const { settings, data: { splits } } = spec;
  const teacher = settings.teacher === undefined
    ? undefined
    : await openTeacher(settings.teacher, parseModel(describeModel(spec, { splits })), settings);
  const began = performance.now();
  await using run = await openSpecDevice(spec);
  if (spec.group) checkDevices(spec.group, run);
  using locks = new DisposableStack();
  const path = spec.earlier ? undefined : await lead(
    spec.group,
    async () => locks.use(await spec.claimFolder()).path,
  );
  const opening = { run, path, began, observer, teacher };
  const [session, manifest] = await openSession(spec, opening);
  try {
    return await train(session, manifest);
  } catch (error) {
    await session.emit({ kind: "failure", fault: `${error}` });
    throw error;
  }
}
