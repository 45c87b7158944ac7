/**
 * The recipe of the highway MLP.
 *
 * Srivastava, Greff & Schmidhuber, "Training very deep networks" (2015, arXiv 1507.06228), section 3.1: SGD
 * with momentum, a rate that falls exponentially, normalized initialization (Glorot's), rectifiers or tanh;
 * figure 1 shows 400 epochs. A random search of 100 runs found the rate, the momentum and the decay, which are
 * not published; those here are common values, with batches of 100 as in the authors' convolutional net for
 * MNIST (flukeskywalker/highway-networks, examples/highways/mnist-10layers).
 *
 * @module
 */
import type { NetRecipe } from "./recipe.ts";

/** The highway MLP's on MNIST. */
export const HIGHWAY_MLP_RECIPE: NetRecipe = {
  mnist: {
    activation: "relu",
    init: "glorot",
    optimizer: "sgd",
    rate: 0.01,
    momentum: 0.9,
    "weight-decay": 0,
    "decay-biases": false,
    schedule: "exponential",
    "drop-by": 0.1,
    "drop-every-share": 0.5,
    batch: 100,
    epochs: 400,
    augment: false,
  },
};
