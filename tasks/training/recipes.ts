/**
 * The recipes of the paper, one a training task: the authors' solvers, behind the options' defaults.
 *
 * @module
 */
import type { OptimizerName, OptimizerValues } from "../../src/optim/optimizers.ts";
import type { TaskName } from "../run/settings.ts";

/** What an optimizer has by a recipe, where that is not its usual. */
export interface SolverValues extends OptimizerValues {
  readonly learningRate?: number;
}

/** What a training task does unless its options say otherwise. */
export interface Recipe {
  /** What it trains on, in words. */
  readonly trainsOn: string;
  readonly optimizer: OptimizerName;
  readonly solvers: { readonly [N in OptimizerName]?: SolverValues };
  readonly batch: number;
  /** Whether it has an augmentation, which is then the default. */
  readonly augments: boolean;
  /** Whether weight decay applies to biases. */
  readonly decayBiases: boolean;
  /** After which fractions of the epochs the learning rate drops. */
  readonly drops: readonly (readonly [numerator: number, denominator: number])[];
  /** A command line that makes more of it, and what that does. */
  readonly example: readonly [options: string, what: string];
}

/** The recipes. */
export const RECIPES = {
  cifar: {
    trainsOn: "CIFAR-10 or CIFAR-100",
    optimizer: "sgd",
    solvers: {},
    batch: 128,
    augments: true,
    decayBiases: false,
    drops: [[4, 9], [6, 9], [8, 9]],
    example: [
      "--preset paper --dataset cifar100 --epochs 100",
      "CIFAR-100 as the paper trained it, but for fewer epochs:",
    ],
  },
  mnist: {
    trainsOn: "MNIST or its kin",
    optimizer: "rmsprop",
    solvers: { rmsprop: { learningRate: 0.002, decay: 0.99 } },
    batch: 64,
    augments: false,
    decayBiases: true,
    drops: [[3, 10], [6, 10], [9, 10]],
    example: ["--preset paper --loss hinge", "The paper's SVM head, at full length:"],
  },
} as const satisfies Record<TaskName, Recipe>;

/** The recipe of a task. */
export const recipeOf = (task: TaskName): Recipe => RECIPES[task];
