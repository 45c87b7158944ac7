/**
 * Building the optimizer, its schedules, and what differs by parameter, from the settings of a run.
 *
 * @module
 */
import {
  constrain,
  cosineRestartsSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  maxNorm,
  type Multiplier,
  multiStepSchedule,
  notBias,
  oneCycleSchedule,
  type Optimizer,
  polySchedule,
  type Schedule,
  stepSchedule,
  warmupSchedule,
} from "../../src/optim/mod.ts";
import { createOptimizer, optimizerOptions } from "../../src/optim/optimizers.ts";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { type Params, tensor } from "../../src/tensor.ts";
import type { Settings } from "../run/settings.ts";
import { byLayer } from "./by_layer.ts";

/** Epochs as steps. */
type ToSteps = (epochs: number) => number;

/** The schedule of the learning rate, with its warm-up. */
function buildSchedule(settings: Settings, steps: ToSteps): Schedule {
  const { warmup } = settings, course = buildCourse(settings, steps);
  return warmup === undefined ? course : warmupSchedule(course, steps(warmup));
}

/** The schedule of the learning rate without a warm-up. */
function buildCourse(settings: Settings, steps: ToSteps): Schedule {
  const { schedule = "multistep", rate, dropAt, dropBy, dropEvery, rateEnd } = settings;
  const until = steps(settings.rateUntil ?? settings.epochs);
  switch (schedule) {
    case "multistep":
      return multiStepSchedule(rate, dropBy, dropAt.map(steps));
    case "step":
      return stepSchedule(rate, dropBy, steps(dropEvery!));
    case "exponential":
      return exponentialSchedule(rate, dropBy, steps(dropEvery!));
    case "linear":
      return linearSchedule(rate, rateEnd!, until);
    case "poly":
      return polySchedule(rate, settings.power!, until);
    case "cosine":
      return cosineSchedule(rate, until, rateEnd);
    case "restarts":
      return cosineRestartsSchedule(rate, steps(settings.restartEvery!), { end: rateEnd! });
    case "onecycle":
      return oneCycleSchedule(rate, until);
  }
}

/** Epochs as steps, at least one. */
const toSteps = (stepsPerEpoch: number): ToSteps => (epochs) =>
  Math.max(1, Math.round(epochs * stepsPerEpoch));

/** The learning rate of a step of a run, from 0. */
export function rateAt(settings: Settings, stepsPerEpoch: number, step: number): number {
  const schedule = buildSchedule(settings, toSteps(stepsPerEpoch));
  return evaluate([schedule(tensor([step], [], "i32"))])[0]![0]!;
}

/** The values of the optimizer's own options, as schedules where they change. */
function ownOptions(settings: Settings, steps: ToSteps): Readonly<Record<string, unknown>> {
  const values = settings as unknown as Readonly<Record<string, number | undefined>>;
  const own = optimizerOptions(settings.optimizer).map(([name]) => {
    const value = settings[name], end = values[`${name}End`];
    if (typeof value !== "number" || end === undefined) return [name, value];
    return [name, linearSchedule(value, end, steps(values[`${name}Until`]!))];
  });
  return Object.fromEntries(own);
}

/** The factors of the learning rate by parameter; undefined where all are 1. */
function buildMultiplier(
  { biasRate = 1, layerRates = [] }: Settings,
  params: Params,
): Multiplier | undefined {
  if (biasRate === 1 && layerRates.length === 0) return undefined;
  const layer = layerRates.length > 0 ? byLayer("layer-rates", layerRates, params) : () => 1;
  return (path) => (layer(path) ?? 1) * (notBias(path) ? 1 : biasRate);
}

/** The factors of weight decay by parameter. */
function buildDecays({ decayBiases, layerDecays = [] }: Settings, params: Params): Multiplier {
  const decays = decayBiases ? () => true : notBias;
  if (layerDecays.length === 0) return decays;
  const layer = byLayer("layer-decays", layerDecays, params);
  return (path) => (layer(path) ?? 1) * Number(decays(path));
}

/**
 * The optimizer of a run.
 *
 * @param params The net's parameters, or their placeholders, whose paths name the layers.
 * @param schedule A learning rate in place of that of the settings.
 */
export function buildOptimizer(
  settings: Settings,
  stepsPerEpoch: number,
  params: Params,
  schedule?: Schedule,
): Optimizer {
  const { optimizer: name, weightDecay, clip, maxNorm: norms = [] } = settings;
  const steps = toSteps(stepsPerEpoch);
  const optimizer = createOptimizer(name, {
    ...ownOptions(settings, steps),
    learningRate: schedule ?? buildSchedule(settings, steps),
    rateMultiplier: buildMultiplier(settings, params),
    weightDecay,
    decayMultiplier: buildDecays(settings, params),
    clipNorm: clip,
  });
  if (norms.length === 0) return optimizer;
  const limits = byLayer("max-norm", norms, params);
  return constrain(optimizer, maxNorm((path) => limits(path) ?? Infinity));
}
