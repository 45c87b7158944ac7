/**
 * `repro:blog`: reproduces a blog's report of LSUV in Torch, on MNIST.
 *
 * @module
 */
import type { PaperByEpoch, RunOptions } from "../description.ts";
import type { Experiment } from "../experiment.ts";

const LSUV: RunOptions = { init: "lsuv", lsuv: "common", "lsuv-mode": "fresh" };
const PLAIN: RunOptions = { init: "orthonormal", gain: Math.SQRT2 };

const column = (name: string, options: RunOptions, rate: number) => ({
  name: `${name}, rate ${rate}`,
  options: { ...options, rate },
});

const EPOCHS = [1, 2, 3, 5, 7, 10];
const byEpoch = (...accuracies: number[]) =>
  Object.fromEntries(accuracies.map((accuracy, i) => [EPOCHS[i], accuracy]));

/** The blog's numbers by row, column and epoch. */
export const BLOG_BY_EPOCH: PaperByEpoch = {
  "all images": {
    "LSUV, rate 0.1": byEpoch(97.77, 98.45, 98.63, 98.88, 99.03, 98.96),
    "LSUV, rate 0.05": byEpoch(96.69, 97.94, 98.37, 98.72, 98.86, 98.91),
    "none, rate 0.001": byEpoch(83.39, 89.25, 91.23, 93.23, 94.44, 95.29),
    "LSUV, rate 0.001": byEpoch(78.28, 87.75, 91.19, 93.81, 95.06, 96.15),
  },
};

/** The blog's experiment. */
export const blog: Experiment = {
  name: "repro:blog",
  about:
    "yobibyte's blog about LSUV in Torch (2016): the digit classifier of Torch's demos, with " +
    "LSUV and without, at several learning rates.",
  describe: () => ({
    task: "repro:blog",
    title: "LSUV in Torch, on MNIST",
    question: "Does LSUV let a small net learn at rates at which it otherwise does not?",
    measure: "test accuracy %",
    trains: "mnist",
    images: "standardised",
    options: {
      net: "torchMnist",
      activation: "relu",
      optimizer: "sgd",
      momentum: 0,
      "weight-decay": 0,
      "drop-at": "none",
      batch: 100,
    },
    lengths: {
      quick: { epochs: 4, subset: 2000, "test-subset": 500, batch: 20 },
      cpu: { epochs: 10 },
      gpu: { epochs: 10 },
      paper: { epochs: 10 },
    },
    rows: [
      { name: "2,000 images", options: { subset: 2000, "test-subset": 1000 } },
      { name: "all images" },
    ],
    quick: { rows: ["all images"] },
    columns: [
      column("LSUV", LSUV, 0.1),
      column("LSUV", LSUV, 0.05),
      column("none", PLAIN, 0.001),
      column("LSUV", LSUV, 0.001),
      column("none", PLAIN, 0.05),
      column("none", PLAIN, 0.01),
    ],
    paper: {
      "all images": {
        "LSUV, rate 0.1": 98.96,
        "LSUV, rate 0.05": 98.91,
        "none, rate 0.001": 95.29,
        "LSUV, rate 0.001": 96.15,
        "none, rate 0.05": "n/c",
        "none, rate 0.01": "n/c",
      },
    },
    curves: true,
    paperByEpoch: BLOG_BY_EPOCH,
    differs: [
      "batches are drawn in a new order each epoch; the report went through the images as they lie",
      "the rate is constant; the report's fell by 0.3 % over the ten epochs",
    ],
  }),
};
