/**
 * The recipe of the net with fractional max pooling.
 *
 * Graham, "Fractional Max-Pooling" (2014), as in the author's program (btgraham/SparseConvNet-archived:
 * cifar10big.cpp, NetworkInNetworkLayer.cu, SoftmaxClassifier.cu): Nesterov's momentum of 0.99, batches of 50, no
 * weight decay, 810 epochs. The program adds the gradients of a batch and multiplies them by 1 - 0.99, so that
 * its rate of 0.003 is 0.0015 here; it falls by 0.5 % an epoch. Weights are drawn evenly by fan-in and
 * fan-out. Images are stretched, slanted or rotated, mirrored, shifted by up to 16 pixels and recolored, until
 * epoch 800; the task mirrors and shifts them. The program for CIFAR-100 is not public.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const CIFAR: RecipeValues = {
  init: "glorot",
  optimizer: "sgd",
  rate: 0.0015,
  momentum: 0.99,
  nesterov: true,
  "weight-decay": 0,
  "decay-biases": false,
  schedule: "exponential",
  "drop-by": Math.exp(-1),
  "drop-every-share": 200 / 810,
  batch: 50,
  epochs: 810,
  dropout: 0.5,
  augment: true,
  shift: 16,
};

/** Fractional max pooling's; CIFAR-100 has that of CIFAR-10. */
export const FMP_NET_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };
