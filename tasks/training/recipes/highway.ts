/**
 * The recipes of highway networks of convolutions.
 *
 * Srivastava, Greff & Schmidhuber, "Training Very Deep Networks" (2015), as the authors trained them
 * (flukeskywalker/highway-networks, examples/highways: cifar10-19layers, cifar100-19layers and mnist-10layers,
 * the networks and solvers): Nesterov momentum 0.9, weight decay 0.001, biases at twice the rate and without
 * decay, batches of 100; 200,000 steps on CIFAR, dropping at 100,000, 150,000 and 175,000, and 180,000 on MNIST,
 * dropping at 60,000 and 120,000; Caffe's Xavier. CIFAR is contrast-normalized minus the mean image, padded by
 * 8, cropped and mirrored. The last layer has ten times the decay. Left out: the Gaussians that start
 * the first and last layers on CIFAR and the last on MNIST.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const COMMON = {
  init: "xavier",
  optimizer: "sgd",
  momentum: 0.9,
  nesterov: true,
  "weight-decay": 0.001,
  "decay-biases": false,
  "bias-rate": 2,
  batch: 100,
} as const satisfies Partial<RecipeValues>;

/** Ten times the decay in the last layer, after so many. */
const decays = (before: number): readonly number[] => [...new Array<number>(before).fill(1), 10];

const CIFAR: RecipeValues = {
  ...COMMON,
  "layer-decays": decays(32),
  rate: 0.025,
  "drop-shares": [1 / 2, 3 / 4, 7 / 8],
  epochs: 400,
  dropout: 0.2,
  augment: true,
};

/** Highway-19's; CIFAR-100 has that of CIFAR-10. */
export const HIGHWAY19_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };

/** Highway-10's. */
export const HIGHWAY10_RECIPE: NetRecipe = {
  mnist: {
    ...COMMON,
    "layer-decays": decays(17),
    rate: 0.01,
    "drop-shares": [1 / 3, 2 / 3],
    epochs: 300,
    dropout: 0.5,
    augment: false,
  },
};
