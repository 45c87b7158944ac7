/**
 * The schema of a run's settings, as its manifest holds them.
 *
 * @module
 */
import { NORMALIZED, PRESETS } from "../../src/init/mod.ts";
import { MOST_THREADS } from "../../src/device/cpu/threads/most_threads.ts";
import { DEVICES } from "../../src/device/open.ts";
import { ACTIVATIONS } from "../../src/models/mod.ts";
import { MODEL_NAMES, OWN_OPTIONS, type OwnValues } from "../../src/models/registry.ts";
import { LOSSES, type LossName } from "../../src/nn/mod.ts";
import { OPTIMIZER_NAMES, type OptimizerValues, ownedOptions } from "../../src/optim/optimizers.ts";
import { PREPROCESSINGS } from "../datasets/preparations.ts";
import type { PictureSettings } from "../datasets/pictures/settings.ts";
import { DATASET_NAMES } from "../datasets/registry.ts";
import {
  choice,
  type Fields,
  flag,
  integer,
  list,
  number,
  object,
  optional,
  type Schema,
  text,
} from "../schema/schema.ts";
import {
  BEST_METRICS,
  INITS,
  MOST_OWN,
  PRE_INITS,
  PRESET_NAMES,
  PRETRAININGS,
  type ScheduledValues,
  type ScheduleName,
  SCHEDULES,
  type Settings,
} from "./settings.ts";

const positive = number({ above: 0 }), atLeastZero = number({ from: 0 });
const rate = number({ from: 0, below: 1 }), count = integer({ from: 1 });
const factors = list(positive);

/** The options that only some models have. */
const ownFields = (): Fields<OwnValues> =>
  Object.fromEntries(
    OWN_OPTIONS.map(({ name, choices }) => {
      const value: Schema<string | number> = choices
        ? choice(...choices)
        : integer({ from: 1, to: MOST_OWN });
      return [name, optional(value)];
    }),
  ) as unknown as Fields<OwnValues>;

/** The options that only some optimizers have, and where those that change linearly end. */
const optimizerFields = (): Fields<OptimizerValues & ScheduledValues> =>
  Object.fromEntries(
    ownedOptions().flatMap(({ name, owners }): [string, Schema<unknown>][] => {
      const [, option] = owners[0]!;
      if (option.kind === "flag") return [[name, optional(flag)]];
      const value = optional(number(option));
      return option.scheduled
        ? [[name, value], [`${name}End`, value], [`${name}Until`, optional(positive)]]
        : [[name, value]];
    }),
  ) as unknown as Fields<OptimizerValues & ScheduledValues>;

const PICTURE_FIELDS: Fields<PictureSettings> = {
  channels: optional(choice(1, 3)),
  resizedCrop: optional(flag),
  images: optional(choice("stream")),
  testShare: optional(number({ above: 0, below: 1 })),
  splitSeed: optional(integer({ from: 0, to: 2 ** 31 - 1 })),
  pathColumn: optional(text),
  labelColumn: optional(text),
  targetColumns: optional(list(text)),
  splitColumn: optional(text),
  maxPixels: optional(integer({ from: 1, to: 2 ** 32 })),
};

const LOSS_NAMES = Object.keys(LOSSES) as readonly LossName[];
const LSUV_PRESETS = Object.keys(PRESETS) as readonly (keyof typeof PRESETS)[];
const OTHER_SCHEDULES = SCHEDULES.filter((name): name is Exclude<ScheduleName, "multistep"> =>
  name !== "multistep"
);

/** The settings of a run. */
export const SETTINGS: Schema<Settings> = object<Settings>({
  ...ownFields(),
  ...optimizerFields(),
  ...PICTURE_FIELDS,
  preset: choice(...PRESET_NAMES),
  dataset: choice(...DATASET_NAMES),
  net: choice(...MODEL_NAMES),
  activation: choice(...ACTIVATIONS),
  dropout: optional(rate),
  loss: choice(...LOSS_NAMES),
  init: choice(...INITS),
  preInit: optional(choice(...PRE_INITS)),
  std: optional(positive),
  layerStds: optional(factors),
  gain: optional(positive),
  lsuv: optional(choice(...LSUV_PRESETS)),
  lsuvTolerance: optional(positive),
  lsuvTrials: optional(count),
  lsuvDropout: flag,
  lsuvTarget: optional(positive),
  lsuvCenter: optional(flag),
  lsuvBatch: optional(count),
  lsuvMode: optional(choice("fixed", "fresh")),
  normalize: optional(choice(...NORMALIZED)),
  pretrain: optional(choice(...PRETRAININGS)),
  pretrainEpochs: optional(count),
  pretrainRate: optional(positive),
  hintLayers: optional(count),
  teacherLayers: optional(count),
  teacher: optional(text),
  temperature: optional(positive),
  distill: optional(atLeastZero),
  distillEnd: optional(atLeastZero),
  distillUntil: optional(positive),
  optimizer: choice(...OPTIMIZER_NAMES),
  rate: positive,
  weightDecay: atLeastZero,
  decayBiases: flag,
  clip: optional(positive),
  biasRate: optional(atLeastZero),
  layerRates: optional(factors),
  layerDecays: optional(factors),
  maxNorm: optional(factors),
  schedule: optional(choice(...OTHER_SCHEDULES)),
  dropAt: factors,
  dropBy: positive,
  dropEvery: optional(positive),
  rateEnd: optional(atLeastZero),
  rateUntil: optional(positive),
  power: optional(positive),
  restartEvery: optional(positive),
  warmup: optional(positive),
  labelSmoothing: optional(rate),
  mixup: optional(number({ above: 0, to: 1000 })),
  cutmix: optional(number({ above: 0, to: 1000 })),
  accumulate: optional(count),
  averaging: optional(rate),
  keepBest: optional(choice(...BEST_METRICS)),
  patience: optional(count),
  onNonfinite: optional(choice("skip", "lower-rate")),
  batch: count,
  epochs: count,
  subset: optional(count),
  testSubset: optional(count),
  augment: flag,
  shift: optional(integer({ from: 0, to: 1024 })),
  size: optional(count),
  crop: optional(count),
  preprocessing: optional(choice(...PREPROCESSINGS)),
  pixelScale: optional(positive),
  whiten: optional(flag),
  seed: integer({ from: 0 }),
  lossEvery: optional(count),
  device: choice(...DEVICES),
  threads: optional(integer({ from: 1, to: MOST_THREADS })),
  winograd: flag,
  resident: optional(choice("yes", "no")),
  wide: flag,
});
