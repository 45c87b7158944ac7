/**
 * The stages of a run: what is trained before the epochs of the whole net.
 *
 * @module
 */
import { batchesPerEpoch, inputSize } from "../../../src/data/mod.ts";
import type { Layer } from "../../../src/nn/mod.ts";
import type { Params } from "../../../src/tensor.ts";
import {
  autoencoderStages,
  DivergedError,
  hintStage,
  pretrain,
  type PretrainEvent,
  runKeys,
  type Stage,
} from "../../../src/train/mod.ts";
import { OptionError } from "../../cli/option_table.ts";
import { imageSpec } from "../../models/model.ts";
import type { OpenModel } from "../../models/open.ts";
import { buildOptimizer } from "../build_optimizer.ts";
import { foldIn } from "../../../src/random.ts";
import type { Status } from "../../run/manifest.ts";
import type { Settings } from "../../run/settings.ts";
import { roundMillis, type RunSession } from "../session.ts";

type List = readonly Params[];

/** The key of the regressor's weights, apart from all others of a seed. */
const REGRESSOR = 1;

/** The number of layers of a list up to its n-th layer with weights, and the activation after it. */
function layersUntil(layers: readonly Layer[], n: number, option: string): number {
  const units = [...layers.entries()].filter(([, { unit }]) => unit).map(([at]) => at);
  const at = units[n - 1], next = units[n];
  if (at === undefined || next === undefined) {
    throw new OptionError(
      `--${option}: expected a layer before the last of ${units.length} with weights, found ${n}`,
    );
  }
  const activations = layers.slice(at + 1, next).findIndex(({ kind }) =>
    /pool|flatten|dropout/i.test(kind)
  );
  return activations < 0 ? next : at + 1 + activations;
}

/** Half of the layers with weights, rounded up. */
const half = (layers: readonly Layer[]): number =>
  Math.ceil(layers.filter(({ unit }) => unit).length / 2);

function hints({ net, settings, splits }: RunSession, teacher: OpenModel): Stage<List> {
  const { hintLayers = half(net.layers), teacherLayers = half(teacher.net.layers) } = settings;
  const until = layersUntil(teacher.net.layers, teacherLayers, "teacher-layers");
  const hinted = teacher.net.layers.slice(0, until).findLast(({ unit }) => unit);
  return hintStage<List>(net, imageSpec(inputSize(splits.train)), {
    layers: layersUntil(net.layers, hintLayers, "hint-layers"),
    teacher: { layers: teacher.net.layers, params: teacher.params },
    teacherLayers: until,
    pieces: hinted?.unit?.pieces,
    key: foldIn(runKeys(settings.seed).weights, REGRESSOR),
  });
}

/** The optimizer's settings in a stage: the run's, at a constant rate, for squared errors a smaller one, without what differs by layer. */
const stageSettings = (settings: Settings): Settings => ({
  ...settings,
  rate: settings.pretrainRate ?? settings.rate / 10,
  schedule: undefined,
  dropAt: [],
  layerRates: undefined,
  maxNorm: undefined,
});

/** Emits the epochs of a stage. */
async function report({ emit }: RunSession, { stage, index, count, event }: PretrainEvent) {
  if (event.kind !== "epoch") return;
  const { epoch, trainLoss, seconds } = event;
  await emit({
    kind: "stage",
    row: { stage, epoch: epoch + 1, loss: trainLoss, seconds: roundMillis(seconds) },
    index,
    count,
  });
}

/** The outcome of the stages. */
export interface StagesOutcome {
  /** The parameters after them; of a run that ended, those at its start, or the last good ones. */
  readonly params: List;
  /** How the run ended in them, if it did. */
  readonly status?: Status;
  /** Why it diverged. */
  readonly fault?: string;
  /** The steps of its stage that the last good weights had taken. */
  readonly keptStep?: number;
}

/**
 * Trains the stages of a run, if it has any, from its initial parameters. A run that was cut off goes on in
 * the stage, at the last checkpoint.
 */
export async function trainStages(session: RunSession, start: List): Promise<StagesOutcome> {
  const { run, net, settings, splits: { train }, folder, spec, teacher } = session;
  if (!settings.pretrain) return { params: start };
  const { batch, seed, augment, resident, pretrainEpochs } = settings;
  const stages = settings.pretrain === "hints"
    ? [hints(session, teacher!)]
    : autoencoderStages<List>(net, imageSpec(inputSize(train)));
  const params = run.jit(() => start)();
  const all = pretrain(run, {
    stages,
    params,
    optimizer: buildOptimizer(stageSettings(settings), batchesPerEpoch(train, batch), params),
    ...{ train, batch, seed, augment },
    epochs: pretrainEpochs!,
    resident: resident && resident === "yes",
    checkpoint: { folder: folder.stageCheckpoints, everySeconds: spec.checkpointEvery },
    signal: spec.signal,
    distributed: spec.group?.job,
  });
  try {
    for (let next = await all.next();; next = await all.next()) {
      if (next.done) return next.value ? { params: next.value } : { params, status: "stopped" };
      await report(session, next.value);
    }
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    const { step, keptStep, reason: fault } = error, params = error.params as List;
    return { params, status: `diverged at step ${step + 1}`, fault, keptStep };
  }
}
