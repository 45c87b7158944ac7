/**
 * The rows of FitNets as their authors trained them: by hints and distillation.
 *
 * Romero et al., "FitNets: Hints for Thin Deep Nets" (2015), and adri-romsor/FitNets (the yaml files and
 * scripts/fitnets_training.py): RMSProp, weights from ±0.005, norms of kernels and columns limited. On CIFAR
 * the eleventh convolution of FitNet-4 is trained toward the second of the teacher, a maxout network; then all
 * layers toward the labels and the teacher's probabilities at temperature 3, with a weight from 4 to 1. On
 * MNIST the fourth of the student's layers toward the second of the teacher's, and a weight from 4 to 0. The
 * length of the first stage is not published; here it is a quarter of all epochs.
 *
 * @module
 */
import type { RunOptions, Variant } from "../../description.ts";
import type { Scale } from "./methods.ts";

/** The standard deviation of numbers drawn evenly from ±0.005. */
const STD = Number((0.005 / Math.sqrt(3)).toPrecision(4));

const COMMON: RunOptions = {
  init: "uniform",
  std: STD,
  optimizer: "rmsprop",
  decay: 0.9,
  "weight-decay": 0,
  "decay-biases": false,
  "drop-shares": [],
  pretrain: "hints",
  "teacher-layers": 2,
  temperature: 3,
  distill: 4,
};

const CIFAR: RunOptions = {
  // W_lr_scale and b_lr_scale are 0.05 in every layer.
  rate: 0.005 * 0.05,
  "pretrain-rate": 0.005 * 0.05,
  // The authors' images were whitened for the student as for the teacher.
  whiten: true,
  "distill-end": 1,
  dropout: 0,
};

const MNIST: RunOptions = {
  rate: 0.0005,
  "pretrain-rate": 0.0005,
  "hint-layers": 4,
  "distill-end": 0,
  dropout: 0,
};

/** Epochs of both stages, the first a quarter of all. */
function stages(epochs: number): RunOptions {
  const first = Math.max(1, Math.round(epochs / 4));
  return { "pretrain-epochs": first, epochs: Math.max(1, epochs - first) };
}

/** The hint of FitNet-4, which no smaller net has. */
const FITNET4: RunOptions = { "hint-layers": 11 };

/** The row of a FitNet trained by hints from the net of another row. */
export function hintsRow(
  name: string,
  { teacher, cifar, published }: {
    readonly teacher: string;
    readonly cifar: boolean;
    /** The published epochs. */
    readonly published: number;
  },
  { budget }: Scale,
): Variant {
  const own = budget === undefined ? {} : stages(budget);
  return {
    name,
    teacher,
    options: { ...COMMON, ...(cifar ? CIFAR : MNIST), ...own },
    at: {
      quick: { "pretrain-epochs": 1 },
      cpu: { "pretrain-epochs": 1 },
      gpu: { "pretrain-epochs": 8, ...(cifar && FITNET4) },
      paper: { ...stages(published), ...(cifar && FITNET4) },
    },
  };
}
