/**
 * The settings of a run: everything that decides what is trained and how, as its manifest holds it.
 *
 * @module
 */
import type { Normalized, PRESETS } from "../../src/init/mod.ts";
import type { DeviceName } from "../../src/device/open.ts";
import type { RecipeName } from "../../src/data/catalogue/record.ts";
import type { Activation } from "../../src/models/mod.ts";
import type { ModelName, OwnValues } from "../../src/models/registry.ts";
import type { OptimizerName, OptimizerValues, ScheduledName } from "../../src/optim/optimizers.ts";
import type { LossName } from "../../src/nn/mod.ts";
import type { PictureSettings } from "../datasets/pictures/settings.ts";
import type { ImageSettings } from "../datasets/preparations.ts";
import type { NonFiniteAction } from "../../src/train/mod.ts";
import type { DatasetName } from "../datasets/registry.ts";

/** A training task, by the recipe that it follows. */
export type TaskName = RecipeName;

/** The name of a task's command: `train` for pictures, else `train:` and the recipe. */
export const taskCommand = (task: TaskName): string =>
  task === "pictures" ? "train" : `train:${task}`;

/** The task of a command line such as `deno task train:cifar …`; undefined for none. */
export function taskOf(command: string): TaskName | undefined {
  const found = command.match(/\btrain(?::(\w+))?/);
  return found ? (found[1] as TaskName | undefined) ?? "pictures" : undefined;
}

/** The presets of a training: as long as the paper's, or a few minutes. */
export const PRESET_NAMES = ["paper", "quick"] as const;

/** The name of a preset. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** The initializers, and LSUV. */
export const INITS = [
  "lsuv",
  "orthonormal",
  "gaussian",
  "uniform",
  "xavier",
  "glorot",
  "he",
] as const;

/** The name of an initializer, or LSUV. */
export type InitName = (typeof INITS)[number];

/** The initializers of the weights that LSUV rescales. */
export const PRE_INITS = ["orthonormal", "gaussian"] as const;

/** The schedules of the learning rate. */
export const SCHEDULES = [
  "multistep",
  "step",
  "exponential",
  "linear",
  "poly",
  "cosine",
  "restarts",
  "onecycle",
] as const;

/** The name of a schedule of the learning rate. */
export type ScheduleName = (typeof SCHEDULES)[number];

/** Where an optimizer's option that changes linearly ends, and the epoch by which it does. */
export type ScheduledValues = {
  readonly [K in ScheduledName as `${K}End` | `${K}Until`]?: number | undefined;
};

/** What may be trained before the epochs of the whole net. */
export const PRETRAININGS = ["layerwise", "hints"] as const;

/** By what the best epoch is chosen. */
export const BEST_METRICS = ["accuracy", "loss"] as const;

/**
 * The greatest value of a number that only some models have, such as their count of layers: far more than any
 * net that can be trained has.
 */
export const MOST_OWN = 10_000;

/** The settings of a run, including the options that only its model or its optimizer has. */
export interface Settings
  extends OwnValues, OptimizerValues, ImageSettings, PictureSettings, ScheduledValues {
  readonly preset: PresetName;
  readonly dataset: DatasetName;
  readonly net: ModelName;
  readonly activation: Activation;
  /** The rate of every dropout layer; the model's default if left out. */
  readonly dropout?: number | undefined;
  readonly loss: LossName;
  readonly init: InitName;
  /** The initializer of the weights that LSUV rescales; absent without LSUV, as all of its options. */
  readonly preInit?: (typeof PRE_INITS)[number] | undefined;
  /** The standard deviation of gaussian or uniform weights. */
  readonly std?: number | undefined;
  /** The same by layer, in place of `std`. */
  readonly layerStds?: readonly number[] | undefined;
  /** The factor of orthonormal weights. */
  readonly gain?: number | undefined;
  readonly lsuv?: keyof typeof PRESETS | undefined;
  readonly lsuvTolerance?: number | undefined;
  readonly lsuvTrials?: number | undefined;
  readonly lsuvDropout: boolean;
  readonly lsuvBatch?: number | undefined;
  readonly lsuvMode?: "fixed" | "fresh" | undefined;
  readonly normalize?: Normalized | undefined;
  /** The variance that LSUV gives layers; 1 if left out. */
  readonly lsuvTarget?: number | undefined;
  /** Whether LSUV makes the mean of each layer's output 0 too; present only if so. */
  readonly lsuvCenter?: boolean | undefined;
  /** What is trained before the epochs; nothing if left out. */
  readonly pretrain?: (typeof PRETRAININGS)[number] | undefined;
  /** The epochs of each of its stages. */
  readonly pretrainEpochs?: number | undefined;
  /** Its learning rate; a tenth of `rate` if left out. */
  readonly pretrainRate?: number | undefined;
  /** How many layers with weights hints train, and toward which of the teacher's; half if left out. */
  readonly hintLayers?: number | undefined;
  readonly teacherLayers?: number | undefined;
  /** The run or weights file of the net that is learned from. */
  readonly teacher?: string | undefined;
  /** The divisor of both nets' logits. */
  readonly temperature?: number | undefined;
  /** The weight of the teacher's part of the loss at the start and at the end. */
  readonly distill?: number | undefined;
  readonly distillEnd?: number | undefined;
  /** The epoch by which it changes linearly from the one to the other. */
  readonly distillUntil?: number | undefined;
  readonly optimizer: OptimizerName;
  /** The learning rate. */
  readonly rate: number;
  readonly weightDecay: number;
  readonly decayBiases: boolean;
  /** The global norm above which gradients are scaled down. */
  readonly clip?: number | undefined;
  /** The factor of the learning rate of biases; 1 if left out. */
  readonly biasRate?: number | undefined;
  /** Factors of the learning rate, one for all layers with weights or one for each; 1 if left out. */
  readonly layerRates?: readonly number[] | undefined;
  /** Factors of weight decay, likewise. */
  readonly layerDecays?: readonly number[] | undefined;
  /** The greatest norms of the weights of an output, one for all layers or one for each; none if left out. */
  readonly maxNorm?: readonly number[] | undefined;
  /** The schedule of the learning rate; `multistep` if left out. */
  readonly schedule?: Exclude<ScheduleName, "multistep"> | undefined;
  /** Epochs after which `multistep` multiplies the learning rate by `dropBy`. */
  readonly dropAt: readonly number[];
  readonly dropBy: number;
  /** Epochs in which `step` and `exponential` multiply the learning rate by `dropBy`. */
  readonly dropEvery?: number | undefined;
  /** The learning rate in which `linear`, `cosine` and each cycle of `restarts` end. */
  readonly rateEnd?: number | undefined;
  /** The epoch by which `linear`, `poly`, `cosine` and `onecycle` end. */
  readonly rateUntil?: number | undefined;
  /** The exponent of `poly`. */
  readonly power?: number | undefined;
  /** The epochs of a cycle of `restarts`. */
  readonly restartEvery?: number | undefined;
  /** The epochs in which the learning rate grows from 0, as a factor of the schedule; none if left out. */
  readonly warmup?: number | undefined;
  /** The part of labels that is spread over all classes; 0 if left out. */
  readonly labelSmoothing?: number | undefined;
  /** α of mixup or CutMix; not mixed if left out. */
  readonly mixup?: number | undefined;
  readonly cutmix?: number | undefined;
  /** In how many parts each batch is computed; 1 if left out. */
  readonly accumulate?: number | undefined;
  /** The decay of running averages of the weights; none if left out. */
  readonly averaging?: number | undefined;
  /** By what the epoch is chosen whose weights are saved; the last epoch's if left out. */
  readonly keepBest?: (typeof BEST_METRICS)[number] | undefined;
  /** The epochs without a better one after which training ends; trains all if left out. */
  readonly patience?: number | undefined;
  /** What is done about numbers that are not finite; the run stops if left out. */
  readonly onNonfinite?: Exclude<NonFiniteAction, "stop"> | undefined;
  readonly batch: number;
  readonly epochs: number;
  /** Training images; all if left out. */
  readonly subset?: number | undefined;
  /** Test images; all if left out. */
  readonly testSubset?: number | undefined;
  readonly augment: boolean;
  /** By how many pixels augmented images are shifted at most; the preparation's padding if left out. */
  readonly shift?: number | undefined;
  /** Whether images are whitened by ZCA; not if left out. */
  readonly whiten?: boolean | undefined;
  readonly seed: number;
  /** Steps from one row of `steps.csv` to the next; there is no such file if left out. */
  readonly lossEvery?: number | undefined;
  readonly device: DeviceName;
  readonly threads?: number | undefined;
  readonly winograd: boolean;
  readonly resident?: "yes" | "no" | undefined;
  readonly wide: boolean;
}
