/**
 * The recipes of the batch-normalized maxout network in network.
 *
 * Chang & Chen, "Batch-normalized Maxout Network in Network" (2015). Rates are those of the author's file
 * (JiaRenChang/Batch_Normalized_Maxout_NIN, example/cifar/cnn_cifar_init_mnin.m): 0.5, a tenth of it in the
 * weights of convolutions, and a tenth of all in the last one; weight decay 0.0005, batches of 100, orthonormal
 * weights. The schedule, which there is linear in pieces over 222 epochs, is that of vlfeat/autonn
 * (matlab/+models/MaxoutNIN.m): 200 epochs, a tenth after each 50. The factors of batch normalization learn at
 * the rate of weights here, not ten times it, and decay. Images are contrast-normalized and whitened; for
 * 93.25 % shifted and mirrored. For MNIST no settings are public; they are CIFAR's.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const COMMON = {
  init: "orthonormal",
  optimizer: "sgd",
  momentum: 0.9,
  rate: 0.05,
  "bias-rate": 10,
  "layer-rates": [1, 1, 1, 1, 1, 1, 1, 1, 0.1],
  "weight-decay": 5e-4,
  "decay-biases": false,
  "drop-shares": [1 / 4, 1 / 2, 3 / 4],
  batch: 100,
  epochs: 200,
  dropout: 0.5,
} as const satisfies Partial<RecipeValues>;

const CIFAR: RecipeValues = { ...COMMON, whiten: true, augment: true };

/** MIN's; CIFAR-100 has that of CIFAR-10. */
export const MIN_NET_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };

/** MIN's on MNIST. */
export const MIN_NET_MNIST_RECIPE: NetRecipe = { mnist: { ...COMMON, augment: false } };
