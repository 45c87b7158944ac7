/**
 * The recipe of the VGG-like net for CIFAR.
 *
 * As it was trained from LSUV, with batch normalization and without (yobibyte/torch-lsuv, cifar.torch; the
 * blog's second experiment): SGD with momentum 0.9, rate 0.1, halved every 25 epochs, weight decay 5e-4 on all
 * parameters, batches of 128, orthonormal weights of gain √2; its plot ends at 100 epochs. The original,
 * szagoruyko/cifar.torch (train.lua), which always has batch normalization, begins with rate 1, goes on for 300
 * epochs and draws weights of variance 2 / fan-out. Both only mirror images, and normalize them as YUV, which
 * the task does by contrast. LSUV ran with dropout on; without that the ten dropout layers multiply variances
 * by about 200 in training, and the loss of the net without batch normalization explodes.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const CIFAR: RecipeValues = {
  init: "orthonormal",
  gain: Math.SQRT2,
  "lsuv-dropout": true,
  optimizer: "sgd",
  rate: 0.1,
  momentum: 0.9,
  "weight-decay": 5e-4,
  "decay-biases": true,
  schedule: "step",
  "drop-by": 0.5,
  "drop-every-share": 25 / 100,
  batch: 128,
  epochs: 100,
  augment: true,
  shift: 0,
};

/** The VGG-like net's. */
export const VGG_CIFAR_RECIPE: NetRecipe = { cifar10: CIFAR };
