/**
 * The recipes of nets for ImageNet, by which they train on the images of the tasks too: in shares of their
 * epochs, and where the first layers would leave nothing of small images with other ones.
 *
 * CaffeNet: BVLC/caffe, models/bvlc_reference_caffenet (solver.prototxt, train_val.prototxt): rate 0.01, times
 * 0.1 every 100,000 of 450,000 steps of 256 images, which are 90 epochs; weights of standard deviation 0.01,
 * 0.005 in hidden dense layers.
 *
 * GoogLeNet: BVLC/caffe, models/bvlc_googlenet (quick_solver.prototxt, train_val.prototxt): rate 0.01, which
 * falls with the root of the remaining share of 2,400,000 steps of 32 images, which are 60 epochs; weight decay
 * 2e-4; Caffe's Xavier.
 *
 * VGG: Simonyan & Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2015), section
 * 3.1: rate 0.01, times 0.1 three times, when validation stopped improving (here at even distances), 370,000
 * steps of 256 images, which are 74 epochs; weights of standard deviation 0.01, but for layers taken from a net
 * of 11 layers.
 *
 * All have momentum 0.9, dropout, and biases at twice the rate and without decay; images are cropped at random
 * and mirrored.
 *
 * @module
 */
import type { NetRecipe, RecipeValues } from "./recipe.ts";

const COMMON = {
  optimizer: "sgd",
  rate: 0.01,
  momentum: 0.9,
  "decay-biases": false,
  "bias-rate": 2,
  augment: true,
} as const satisfies Partial<RecipeValues>;

/** CaffeNet's. */
export const CAFFENET_RECIPE: NetRecipe = {
  cifar10: {
    ...COMMON,
    stem: "small",
    init: "gaussian",
    "layer-stds": [0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.01],
    "weight-decay": 5e-4,
    schedule: "step",
    "drop-by": 0.1,
    "drop-every-share": 100 / 450,
    batch: 256,
    epochs: 90,
    dropout: 0.5,
  },
};

/** GoogLeNet's. */
export const GOOGLENET_RECIPE: NetRecipe = {
  cifar10: {
    ...COMMON,
    stem: "small",
    init: "xavier",
    "weight-decay": 2e-4,
    schedule: "poly",
    power: 0.5,
    "rate-until-share": 1,
    batch: 32,
    epochs: 60,
    dropout: 0.4,
  },
};

/** VGG-16's and VGG-19's. */
export const VGG_RECIPE: NetRecipe = {
  cifar10: {
    ...COMMON,
    init: "gaussian",
    std: 0.01,
    "weight-decay": 5e-4,
    "drop-shares": [0.25, 0.5, 0.75],
    "drop-by": 0.1,
    batch: 256,
    epochs: 74,
    dropout: 0.5,
  },
};
