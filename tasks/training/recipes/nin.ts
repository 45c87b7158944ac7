/**
 * The recipes of network in network.
 *
 * Lin, Chen & Yan, "Network in Network" (2014), as the authors trained it (mavenlin/cuda-convnet: README,
 * NIN/cifar-10_def, cifar-100_def, cifar-10_params, cifar-100_params): SGD with momentum 0.9, biases at twice
 * the rate and without decay; 200 epochs, then 30 at each of a tenth and a hundredth of the rate; batches of
 * 128, cuda-convnet's default; contrast-normalized and whitened images; for 91.19 % shifted and mirrored.
 * The files multiply the loss of CIFAR-10 by 0.1 and have rate 1, 0.1 in the last layer, and weight decay
 * 1e-5; that of CIFAR-100 by 2, rate 0.01 and decay 0.001. Without these factors the same updates have the
 * rates and decays below. For MNIST only the layers are public; its settings are CIFAR-10's, without shifts. At
 * the drops the authors left the biases' rate as it was, which falls here too.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const COMMON = {
  init: "gaussian",
  optimizer: "sgd",
  momentum: 0.9,
  "decay-biases": false,
  "bias-rate": 2,
  "drop-shares": [200 / 260, 230 / 260],
  batch: 128,
  epochs: 260,
  dropout: 0.5,
  whiten: true,
  augment: true,
} as const satisfies Partial<RecipeValues>;

/** From LSUV the last ReLUs die at five times this rate. */
const FROM_LSUV = { rate: 0.01 } as const satisfies Partial<RecipeValues>;

const CIFAR10 = {
  ...COMMON,
  std: 0.05,
  rate: 0.1,
  "layer-rates": [1, 1, 1, 1, 1, 1, 1, 1, 0.1],
  "weight-decay": 1e-4,
  fromLsuv: FROM_LSUV,
} as const;

/** Network in network's. */
export const NIN_RECIPE: NetRecipe = {
  cifar10: CIFAR10,
  cifar100: {
    ...COMMON,
    "layer-stds": [0.001, 0.01, 0.01, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05],
    rate: 0.02,
    "weight-decay": 5e-4,
  },
};

/** Network in network's on MNIST. */
export const NIN_MNIST_RECIPE: NetRecipe = {
  mnist: { ...CIFAR10, whiten: false, augment: false },
};
