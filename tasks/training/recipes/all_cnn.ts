/**
 * The recipes of ALL-CNN-C and of the large ALL-CNN.
 *
 * Springenberg, Dosovitskiy, Brox & Riedmiller, "Striving for Simplicity: The All Convolutional Net" (2015),
 * section 3.1: SGD with momentum 0.9, weight decay 0.001, the best rate of 0.25, 0.1, 0.05 and 0.01, times
 * 0.1 at epochs 200, 250 and 300 of 350; images contrast-normalized and whitened, and for 92.75 % shifted and
 * mirrored. What the paper leaves open is as in mateuszbuda/ALL-CNN (ALL_CNN_C_solver.prototxt,
 * ALL_CNN_C_train_val.prototxt): rate 0.05, batch 256, Caffe's Xavier, decay of biases too. For the large net the paper gives nothing but Graham's augmentation
 * of CIFAR-10, with scales, rotations and colors, which the task has not: its settings are ALL-CNN-C's.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const CIFAR: RecipeValues = {
  init: "xavier",
  optimizer: "sgd",
  rate: 0.05,
  momentum: 0.9,
  "weight-decay": 0.001,
  "decay-biases": true,
  "drop-shares": [200 / 350, 250 / 350, 300 / 350],
  batch: 256,
  epochs: 350,
  dropout: 0.5,
  whiten: true,
  augment: true,
  shift: 5,
};

/** ALL-CNN-C's; CIFAR-100 has that of CIFAR-10. */
export const ALL_CNN_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };

/** The large ALL-CNN's; CIFAR-100 has that of CIFAR-10. */
export const LARGE_ALL_CNN_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };
