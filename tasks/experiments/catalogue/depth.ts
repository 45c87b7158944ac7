/**
 * `ablate:depth`: how deep a plain net still trains, by its initial weights.
 *
 * @module
 */
import type { Variant } from "../description.ts";
import type { Experiment } from "../experiment.ts";

const DEPTHS: readonly Variant[] = [5, 10, 20, 30, 50, 70, 100].map((depth) => ({
  name: `${depth} layers`,
  options: { depth },
}));

const INITS: readonly Variant[] = [
  { name: "LSUV", options: { init: "lsuv", lsuv: "common", "lsuv-mode": "fixed" } },
  { name: "orthonormal", options: { init: "orthonormal" } },
  { name: "Xavier", options: { init: "xavier" } },
  { name: "He", options: { init: "he" } },
  { name: "Gaussian 0.01", options: { init: "gaussian", std: 0.01 } },
];

/** The units of a layer, such that a layer has about 5,000 weights. */
const WIDTH = 71;

/** Trainable depth. */
export const depth: Experiment = {
  name: "ablate:depth",
  about:
    "plain MLPs of 5 to 100 layers on MNIST from five initializations: in how many steps they learn.",
  options: {
    activation: {
      kind: "choice",
      choices: ["tanh", "relu", "maxout"],
      default: "relu",
      help: "The activation of all layers.",
    },
    rate: { kind: "number", above: 0, default: 0.01, help: "The learning rate of all runs." },
  },
  describe: ({ activation, rate }) => ({
    task: "ablate:depth",
    title: `Trainable depth, ${activation}`,
    question: "How many layers can a plain net have and still learn, from which initial weights?",
    measure: "test accuracy %",
    training: true,
    trains: "mnist",
    options: {
      net: "highwayMlp",
      gates: "no",
      layerWidth: WIDTH,
      activation: activation as string,
      optimizer: "sgd",
      momentum: 0.9,
      rate: rate as number,
      "weight-decay": 0,
      clip: 1,
      schedule: "multistep",
      "drop-at": "none",
      batch: 100,
      "loss-every": 5,
    },
    lengths: {
      quick: { epochs: 8, subset: 1000, "test-subset": 500, batch: 20 },
      cpu: { epochs: 20, subset: 10_000, "test-subset": 2000 },
      gpu: { epochs: 20 },
      paper: { epochs: 20 },
    },
    rows: INITS,
    columns: DEPTHS,
    quick: {
      rows: ["LSUV", "orthonormal", "Gaussian 0.01"],
      columns: ["5 layers", "20 layers"],
    },
    paper: null,
    reach: { below: 0.5 },
    differs: [
      "the paper trains nets of 3 to 19 layers; this asks what it does not, with one rate, gradients clipped at " +
      "norm 1, and LSUV on one fixed batch",
      "xavier is Caffe's, of variance 1 / fan-in; no gain is applied to orthonormal weights",
    ],
  }),
};
