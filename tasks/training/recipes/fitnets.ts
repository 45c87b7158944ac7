/**
 * The FitNets' recipes, one per training task: the solvers of the paper's authors, from which the options'
 * defaults come for every net without a recipe of its own.
 *
 * @module
 */
import type { OptimizerName, OptimizerValues } from "../../../src/optim/optimizers.ts";
import type { TaskName } from "../../run/settings.ts";

/** A recipe's values of an optimizer's options, where they differ from the optimizer's defaults. */
export interface SolverValues extends OptimizerValues {
  readonly learningRate?: number;
}

/** The defaults of a training task. */
export interface Recipe {
  /** What the task does, in words. */
  readonly about: string;
  readonly optimizer: OptimizerName;
  readonly solvers: { readonly [N in OptimizerName]?: SolverValues };
  readonly batch: number;
  /** Whether training images are augmented by default; without it they cannot be. */
  readonly augments: boolean;
  /** Whether weight decay applies to biases. */
  readonly decayBiases: boolean;
  /** The fractions of the epochs after which the learning rate drops, and where they are from. */
  readonly drops: readonly (readonly [numerator: number, denominator: number])[];
  readonly dropsFrom?: string;
  /** An example of further options, and what it does. */
  readonly example: readonly [options: string, what: string];
}

/** What a task does that repeats the paper's training. */
const fitnetOn = (data: string): string =>
  `train a FitNet on ${data} with an initializer of your choice, by the recipe of "All You Need Is a Good ` +
  "Init\": at the paper's length on a hardware GPU, else for a few minutes.";

/** The recipes. */
export const RECIPES = {
  cifar: {
    about: fitnetOn("CIFAR-10 or CIFAR-100"),
    optimizer: "sgd",
    solvers: {},
    batch: 128,
    augments: true,
    decayBiases: false,
    drops: [[4, 9], [6, 9], [8, 9]],
    dropsFrom: "the paper",
    example: [
      "--preset paper --dataset cifar100 --epochs 100",
      "CIFAR-100 as the paper trained it, but for fewer epochs:",
    ],
  },
  mnist: {
    about: fitnetOn("MNIST or a data set of the same format"),
    optimizer: "rmsprop",
    solvers: { rmsprop: { learningRate: 0.002, decay: 0.99 } },
    batch: 64,
    augments: false,
    decayBiases: true,
    drops: [[3, 10], [6, 10], [9, 10]],
    dropsFrom: "the paper",
    example: ["--preset paper --loss hinge", "The paper's SVM head, at full length:"],
  },
  // Of no paper: for the few hundred or thousand pictures that a user has.
  pictures: {
    about:
      "train a net on your own pictures of any size, by default ResNet-20 from LSUV: windows of 224 × 224 " +
      "on a hardware GPU, else of 64 × 64.",
    optimizer: "adam",
    solvers: { adam: { learningRate: 0.001 } },
    batch: 32,
    augments: true,
    decayBiases: false,
    drops: [[6, 10], [9, 10]],
    example: [
      "--data photos --resized-crop --preset paper",
      "Random parts of each picture, resized, as most nets for ImageNet are trained:",
    ],
  },
} as const satisfies Record<TaskName, Recipe>;

/** The recipe of a task. */
export const recipeOf = (task: TaskName): Recipe => RECIPES[task];
