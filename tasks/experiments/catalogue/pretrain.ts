/**
 * `ablate:pretrain`: greedy layer-wise pre-training and LSUV.
 *
 * @module
 */
import type { Experiment } from "../experiment.ts";
import type { RunOptions, Variant } from "../description.ts";
import { activationOption, MNIST_LENGTHS, selectColumns } from "./nets.ts";

const COLUMNS = [
  { name: "tanh", options: { activation: "tanh" } },
  { name: "ReLU", options: { activation: "relu" } },
  { name: "maxout", options: { activation: "maxout" } },
];

/** An autoencoder's error is quadratic, so its rate is smaller than that of the classification. */
const GREEDY: RunOptions = { pretrain: "layerwise", "pretrain-rate": 0.0002 };

/** Lengths with epochs of pre-training for each layer, in the rows that have it. */
const stages = (options: RunOptions): NonNullable<Variant["at"]> => ({
  quick: { ...options, "pretrain-epochs": 1 },
  cpu: { ...options, "pretrain-epochs": 1 },
  gpu: { ...options, "pretrain-epochs": 3 },
  paper: { ...options, "pretrain-epochs": 10 },
});

const GAUSSIAN: RunOptions = { init: "gaussian", std: 0.01 };

/** Greedy pre-training beside LSUV. */
export const pretrain: Experiment = {
  name: "ablate:pretrain",
  about: "greedy layer-wise pre-training, LSUV, and both.",
  options: activationOption(COLUMNS),
  describe: ({ activation }) => ({
    task: "ablate:pretrain",
    title: "Pre-training layer by layer, and LSUV",
    question: "Does one pass of LSUV do what greedy pre-training was for: to start a deep net?",
    measure: "test accuracy %",
    trains: "mnist",
    options: {},
    lengths: MNIST_LENGTHS,
    rows: [
      { name: "Gaussian 0.01", options: GAUSSIAN },
      { name: "Gaussian 0.01, pre-trained", at: stages(GREEDY), options: GAUSSIAN },
      { name: "LSUV", options: { init: "lsuv" } },
      { name: "LSUV, pre-trained", at: stages(GREEDY), options: { init: "lsuv" } },
    ],
    columns: selectColumns(COLUMNS, activation),
    quick: { columns: ["tanh"] },
    paper: null,
    curves: true,
    differs: [
      "the paper only cites greedy pre-training: autoencoders with tied weights, one layer after another, " +
      "then all layers for the labels; the epochs of pre-training come on top",
    ],
  }),
};
