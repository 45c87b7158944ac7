/**
 * The recipes of deeply supervised nets.
 *
 * Lee, Xie, Gallagher, Zhang & Tu, "Deeply-Supervised Nets" (2015), as the authors trained them (s9xie/DSN,
 * examples/best_cifar10_9.65 and best_augmented_cifar10_7.97, their solvers and train_full.sh): SGD with momentum
 * 0.9, weight decay 0.0005, biases at twice the rate and without decay, batches of 100; rate 0.025 for 170,000
 * steps, then 0.0001 for 30,000; a tenth of the rate in the last layer and a thousandth in the companions, whose
 * own decay, of (1 + 0.0001 · step)^-0.75, is left out. After 50,000 steps the authors went on without
 * companions; here they stay. On CIFAR all losses are squared hinges. Normal weights of 0.05, Xavier in the companions. CIFAR is contrast-normalized
 * minus the mean image, cropped and mirrored. For MNIST no settings are public; they are CIFAR's.
 *
 * @module
 */
import type { DatasetRecipe, NetRecipe, RecipeValues, RecipeVariant } from "./recipe.ts";

/** The rates of all layers, given that of companions. */
function layerRates(companion: number): readonly number[] {
  return [1, companion, 1, 1, 1, companion, 1, 1, 1, companion, 1, 0.1];
}

const COMMON = {
  init: "gaussian",
  optimizer: "sgd",
  momentum: 0.9,
  rate: 0.025,
  "bias-rate": 2,
  "layer-rates": layerRates(0.001),
  "weight-decay": 5e-4,
  "decay-biases": false,
  "drop-shares": [170 / 200],
  "drop-by": 0.004,
  batch: 100,
  epochs: 400,
  dropout: 0.5,
} as const satisfies Partial<RecipeValues>;

/** Without companions the trunk alone. */
const VARIANTS: readonly RecipeVariant[] = [{
  where: { companions: "off" },
  values: { "layer-rates": [1, 1, 1, 1, 1, 1, 1, 1, 0.1], "layer-stds": [0.05] },
}];

/** The deviations of all layers' weights, from the inputs of the companions. */
function deviations(...inputs: readonly [number, number, number]): readonly number[] {
  const [first, second, third] = inputs.map((n) => Number((1 / Math.sqrt(n)).toPrecision(4)));
  const trunk = 0.05;
  return [trunk, first!, trunk, trunk, trunk, second!, trunk, trunk, trunk, third!, trunk, trunk];
}

const CIFAR: DatasetRecipe = {
  ...COMMON,
  "layer-stds": deviations(32 * 32 * 192, 16 * 16 * 192, 8 * 8 * 192),
  loss: "squaredHinge",
  augment: true,
  // From LSUV the companions' 196,608 inputs of unit variance diverge at the published rates.
  fromLsuv: { rate: 0.0025, "layer-rates": layerRates(0.0001) },
  variants: VARIANTS,
};

/** The deeply supervised net's; CIFAR-100 has that of CIFAR-10. */
export const DSN_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };

/** The deeply supervised net's on MNIST. */
export const DSN_MNIST_RECIPE: NetRecipe = {
  mnist: {
    ...COMMON,
    "layer-stds": deviations(28 * 28 * 96, 14 * 14 * 128, 7 * 7 * 128),
    augment: false,
    variants: VARIANTS,
  },
};
