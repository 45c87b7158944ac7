/**
 * The recipes of maxout networks.
 *
 * Goodfellow et al., "Maxout Networks" (2013), as the authors trained them (lisa-lab/pylearn2,
 * pylearn2/scripts/papers/maxout: cifar10.yaml, mnist.yaml, mnist_continued.yaml): plain SGD whose momentum
 * rises linearly until epoch 250, no weight decay, norms of kernels and columns limited, weights from ±0.005.
 * On CIFAR, with contrast-normalized and whitened images, padded by 8, cropped and mirrored, convolutions
 * learn at a twentieth of the rate, which falls linearly to a hundredth at epoch 500 of 474; CIFAR-100 has no
 * file of its own. On MNIST the rate falls by 1.00004 a step; training stops when 100 epochs have brought
 * nothing on 10,000 images, and goes on with all: the 250 epochs here are those of the momentum.
 *
 * @module
 */
import type { DatasetRecipe, NetRecipe, RecipeValues } from "./recipe.ts";

/** The standard deviation of numbers drawn evenly from ±0.005. */
const STD = 0.005 / Math.sqrt(3);

const COMMON = {
  init: "uniform",
  std: STD,
  optimizer: "sgd",
  momentum: 0.5,
  "weight-decay": 0,
  "decay-biases": false,
  batch: 128,
  dropout: 0.5,
} as const satisfies Partial<RecipeValues>;

const CIFAR: DatasetRecipe = {
  ...COMMON,
  rate: 0.17,
  schedule: "linear",
  "rate-end": 0.0017,
  "rate-until-share": 500 / 474,
  "layer-rates": [0.05, 0.05, 0.05, 1, 1],
  "momentum-end": 0.65,
  "momentum-until-share": 250 / 474,
  "max-norm": [0.9, 1.9365, 1.9365, 1.9, 1.9365],
  epochs: 474,
  // From LSUV 4,800 inputs of unit variance diverge at the published rate.
  fromLsuv: { rate: 0.017, "rate-end": 0.00017 },
  whiten: true,
  augment: true,
};

/** The maxout network's on CIFAR; CIFAR-100 has that of CIFAR-10. */
export const MAXOUT_NET_RECIPE: NetRecipe = { cifar10: CIFAR, cifar100: CIFAR };

/** Epochs on MNIST, and the steps of each: 50,000 images in batches of 128. */
const EPOCHS = 250, STEPS = 50_000 / 128;

/** The maxout network's on MNIST. */
export const MAXOUT_NET_MNIST_RECIPE: NetRecipe = {
  mnist: {
    ...COMMON,
    rate: 0.05,
    schedule: "exponential",
    "drop-by": Number((1.00004 ** -(EPOCHS * STEPS)).toPrecision(4)),
    "drop-every-share": 1,
    "momentum-end": 0.7,
    "momentum-until-share": 1,
    "max-norm": [0.9, 1.9365, 1.9365, 1.9365],
    epochs: EPOCHS,
    augment: false,
  },
};
