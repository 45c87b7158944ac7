/**
 * What the options of a training task come to: a network, an optimizer, an initialisation.
 *
 * @module
 */
import {
  gaussian,
  glorot,
  he,
  type Initializer,
  type LsuvOptions,
  orthonormal,
  xavierFanIn,
} from "../../src/init/mod.ts";
import { fitnet4, type Model, MODELS } from "../../src/models/mod.ts";
import {
  adam,
  multiStepSchedule,
  notBias,
  type Optimizer,
  rmsprop,
  sgd,
} from "../../src/optim/mod.ts";
import type { Params } from "../../src/tensor.ts";
import { runKeys } from "../../src/train/mod.ts";
import { OptionError, type Parsed } from "../cli/options.ts";
import { presetValues } from "./presets.ts";
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { type DatasetName, namesTrainedBy } from "../datasets/registry.ts";
import type { trainTable } from "./train_options.ts";
import type { PresetName, Settings, TaskName } from "../run/settings.ts";

/** Options that only mean something beside another: their names, the other, its value. */
const ONLY_WITH = [
  [["blocks"], "net", "fitnet4"],
  [
    ["pre-init", "lsuv", "lsuv-tolerance", "lsuv-trials", "lsuv-batch", "lsuv-mode", "normalize"],
    "init",
    "lsuv",
  ],
  [["momentum"], "optimizer", "sgd"],
  [["decay"], "optimizer", "rmsprop"],
] as const;

const RATES = {
  cifar: { sgd: 0.01, rmsprop: 0.0005, adam: 0.001 },
  mnist: { sgd: 0.01, rmsprop: 0.002, adam: 0.001 },
} as const;
const DECAY = { cifar: 0.9, mnist: 0.99 } as const;
const DROPS = { cifar: [4 / 9, 6 / 9, 8 / 9], mnist: [0.3, 0.6, 0.9] } as const;

type Options = Parsed<ReturnType<typeof trainTable>>;

/** What the options say, and a preset where they say nothing. */
function withPreset(
  task: TaskName,
  { values, given }: Options,
  preset: PresetName,
  dataset: DatasetName,
) {
  const all = presetValues(task, preset, dataset);
  const usual = Object.entries(all).filter(([name]) => !given.has(name));
  return { ...values, ...Object.fromEntries(usual) } as Options["values"] & typeof all;
}

function datasetOf(task: TaskName, { dataset, procedural }: Options["values"]): DatasetName {
  if (!procedural) return dataset ?? namesTrainedBy(task)[0]!;
  if (dataset === undefined || dataset === PROCEDURAL.name) return PROCEDURAL.name;
  throw new OptionError(`--procedural: expected no other --dataset beside it, found ${dataset}`);
}

/**
 * The options with every default that depends on another filled in.
 *
 * @param preset What fills in those that it has.
 * @param on The data set, if it is not the one that the options ask for.
 */
export function settingsOf(
  task: TaskName,
  parsed: Options,
  preset: PresetName,
  on?: DatasetName,
): Settings {
  const { given } = parsed, dataset = on ?? datasetOf(task, parsed.values);
  const values = withPreset(task, parsed, preset, dataset);
  for (const [names, other, value] of ONLY_WITH) {
    const stray = names.find((name) => given.has(name) && values[other] !== value);
    if (stray) {
      throw new OptionError(
        `--${stray}: expected --${other} ${value} beside it, found --${other} ${values[other]}`,
      );
    }
  }
  const { init, optimizer, epochs } = values, lsuv = init === "lsuv";
  const preInit = lsuv ? values["pre-init"] ?? "orthonormal" : undefined;
  const usesStd = init === "gaussian" || preInit === "gaussian";
  if (values.std !== undefined && !usesStd) {
    throw new OptionError(`--std: expected gaussian weights beside it, found --init ${init}`);
  }
  if (values.gain !== undefined && init !== "orthonormal") {
    throw new OptionError(`--gain: expected --init orthonormal beside it, found --init ${init}`);
  }
  if (given.has("lsuv-dropout") && !lsuv) {
    throw new OptionError(
      `--lsuv-dropout: expected --init lsuv beside it, found --init ${init}`,
    );
  }
  if (values.augment && task === "mnist") {
    throw new OptionError("--augment: expected the task train:cifar, found train:mnist");
  }
  return {
    preset,
    dataset,
    net: values.net,
    blocks: values.net === "fitnet4" ? values.blocks ?? "5-6-6" : undefined,
    activation: values.activation,
    dropout: values.dropout,
    loss: values.loss,
    init,
    preInit,
    std: usesStd ? values.std ?? (lsuv ? 1 : 0.01) : undefined,
    gain: values.gain,
    lsuv: lsuv ? values.lsuv : undefined,
    lsuvTolerance: values["lsuv-tolerance"],
    lsuvTrials: values["lsuv-trials"],
    lsuvDropout: lsuv && values["lsuv-dropout"],
    lsuvBatch: lsuv ? values["lsuv-batch"] ?? values.batch : undefined,
    lsuvMode: lsuv ? values["lsuv-mode"] : undefined,
    normalize: lsuv ? values.normalize ?? "output" : undefined,
    optimizer,
    rate: values.rate ?? RATES[task][optimizer],
    momentum: optimizer === "sgd" ? values.momentum ?? 0.9 : undefined,
    decay: optimizer === "rmsprop" ? values.decay ?? DECAY[task] : undefined,
    weightDecay: values["weight-decay"],
    decayBiases: values["decay-biases"],
    clip: values.clip,
    dropAt: values["drop-at"] ?? DROPS[task].map((share) => Number((share * epochs).toFixed(4))),
    dropBy: values["drop-by"],
    batch: values.batch,
    epochs,
    subset: values.subset,
    testSubset: values["test-subset"],
    augment: values.augment,
    seed: values.seed,
    device: values.device,
    threads: values.threads,
    winograd: values.winograd,
    resident: values.resident === "auto" ? undefined : values.resident,
    wide: values.wide,
  };
}

const INITIALIZERS = {
  orthonormal: ({ gain = 1 }) => orthonormal(gain),
  gaussian: ({ std = 0.01 }) => gaussian(std),
  xavier: () => xavierFanIn,
  glorot: () => glorot,
  he: () => he,
} as const satisfies Record<string, (settings: Pick<Settings, "std" | "gain">) => Initializer>;

/** The network, which makes its weights as the settings say. */
export function netOf(settings: Settings, classes: number): Model {
  const { net, activation, dropout, init, preInit = "orthonormal", blocks } = settings;
  const initializer = INITIALIZERS[init === "lsuv" ? preInit : init](settings);
  const options = { activation, classes, dropout, init: initializer };
  return net === "fitnet4" ? fitnet4({ ...options, blocks }) : MODELS[net](options);
}

/** The optimizer and its schedule. */
export function optimizerOf(settings: Settings, stepsPerEpoch: number): Optimizer<Params> {
  const { rate, dropAt, dropBy, weightDecay, decayBiases, clip, momentum, decay } = settings;
  const milestones = dropAt.map((epoch) => Math.max(1, Math.round(epoch * stepsPerEpoch)));
  const options = {
    learningRate: multiStepSchedule(rate, dropBy, milestones),
    weightDecay,
    decayMask: decayBiases ? () => true : notBias,
    clipNorm: clip,
  };
  switch (settings.optimizer) {
    case "sgd":
      return sgd({ ...options, momentum }) as Optimizer<Params>;
    case "rmsprop":
      return rmsprop({ ...options, decay }) as Optimizer<Params>;
    case "adam":
      return adam(options) as Optimizer<Params>;
  }
}

/** The options of LSUV; dropout, where it drops meanwhile, is drawn by the run's seed. */
export const lsuvOptionsOf = (settings: Settings): LsuvOptions => ({
  preset: settings.lsuv,
  tolerance: settings.lsuvTolerance,
  maxTrials: settings.lsuvTrials,
  normalize: settings.normalize,
  key: settings.lsuvDropout ? runKeys(settings.seed).dropout : undefined,
});

/** The settings in one line, for the start of a run. */
export function describe(settings: Settings): string {
  const { net, blocks, activation, init, preInit, lsuv, std, optimizer, rate, batch } = settings;
  const { epochs, weightDecay, loss, seed, dataset, augment, dropAt, dropBy } = settings;
  const drops = dropAt.length > 0
    ? ` ×${dropBy} at ${dropAt.map((epoch) => Number(epoch.toFixed(2))).join(", ")}`
    : "";
  return [
    dataset + (augment ? " augmented" : ""),
    [net, blocks, activation].filter(Boolean).join(" "),
    [init, preInit && `of ${preInit}`, std !== undefined && `std ${std}`, lsuv].filter(Boolean)
      .join(" "),
    `${optimizer} rate ${rate}${drops}, weight decay ${weightDecay}`,
    `${loss} loss`,
    `${epochs} epochs of batch ${batch}`,
    `seed ${seed}`,
  ].join(" | ");
}
