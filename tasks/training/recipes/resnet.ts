/**
 * The recipe of the residual nets for CIFAR.
 *
 * He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition" (2015), section 4.2: SGD with momentum
 * 0.9, weight decay 1e-4, batches of 128, rate 0.1, times 0.1 after 32,000 and 48,000 of 64,000 steps, which are
 * 164 epochs of 50,000 images; weights of variance 2 / fan-in. Images are mirrored and shifted by up to 4
 * pixels. Whether biases decayed is not said.
 *
 * @module
 */
import type { NetRecipe } from "./recipe.ts";

/** The residual nets'. */
export const RESNET_RECIPE: NetRecipe = {
  cifar10: {
    init: "he",
    optimizer: "sgd",
    rate: 0.1,
    momentum: 0.9,
    "weight-decay": 1e-4,
    "decay-biases": true,
    "drop-shares": [0.5, 0.75],
    "drop-by": 0.1,
    batch: 128,
    epochs: 164,
    augment: true,
    shift: 4,
  },
};
