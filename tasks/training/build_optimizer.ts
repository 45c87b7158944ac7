/**
 * Building the optimizer, its schedules, and what differs by parameter, from the settings of a run.
 *
 * @module
 */
import {
  constrain,
  exponentialSchedule,
  linearSchedule,
  maxNorm,
  type Multiplier,
  multiStepSchedule,
  notBias,
  type Optimizer,
  polySchedule,
  type Schedule,
  stepSchedule,
} from "../../src/optim/mod.ts";
import { createOptimizer, optimizerOptions } from "../../src/optim/optimizers.ts";
import type { Params, Tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import { OptionError } from "../cli/option_table.ts";
import type { Settings } from "../run/settings.ts";

/** Epochs as steps. */
type ToSteps = (epochs: number) => number;

/** The schedule of the learning rate. */
function buildSchedule(settings: Settings, steps: ToSteps): Schedule {
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
  }
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

/** The path of the layer, or part of one, that has a parameter. */
const layerOf = (path: string): string => path.replace(/\.?[^.[\]]+$/, "");

/**
 * A number for each layer with weights, by the paths of its parameters; undefined elsewhere. Throws an
 * {@linkcode OptionError} unless there is one number, or one for each such layer.
 */
function byLayer(option: string, numbers: readonly number[], params: Params) {
  const weights = entries<Tensor>(params).filter(([, w]) => w.rank >= 2);
  const layers = [...new Set(weights.map(([path]) => layerOf(path)))];
  if (numbers.length !== 1 && numbers.length !== layers.length) {
    throw new OptionError(
      `--${option}: expected one number, or ${layers.length}, one for each layer with weights, ` +
        `found ${numbers.length}`,
    );
  }
  const known = new Map(layers.map((layer, i) => [layer, numbers[i] ?? numbers[0]!]));
  return (path: string): number | undefined => known.get(layerOf(path));
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

/**
 * The optimizer of a run.
 *
 * @param params The net's parameters, or their placeholders, whose paths name the layers.
 */
export function buildOptimizer(
  settings: Settings,
  stepsPerEpoch: number,
  params: Params,
): Optimizer {
  const { optimizer: name, weightDecay, decayBiases, clip, maxNorm: norms = [] } = settings;
  const steps: ToSteps = (epochs) => Math.max(1, Math.round(epochs * stepsPerEpoch));
  const optimizer = createOptimizer(name, {
    ...ownOptions(settings, steps),
    learningRate: buildSchedule(settings, steps),
    rateMultiplier: buildMultiplier(settings, params),
    weightDecay,
    decayMultiplier: decayBiases ? () => true : notBias,
    clipNorm: clip,
  });
  if (norms.length === 0) return optimizer;
  const limits = byLayer("max-norm", norms, params);
  return constrain(optimizer, maxNorm((path) => limits(path) ?? Infinity));
}
