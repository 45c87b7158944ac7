/**
 * `repro:highway`: how deep a net still trains, plain and with gates, from which initial weights.
 *
 * @module
 */
import type { RunOptions, Variant } from "../description.ts";
import type { Experiment } from "../experiment.ts";

/** The depths of the papers' figure, and two beyond. */
const DEPTHS: readonly Variant[] = [10, 20, 50, 100, 300, 1000].map((depth) => ({
  name: `${depth} layers`,
  options: { depth },
}));

/** The papers' nets, of about as many parameters a layer. */
const NETS: Readonly<Record<string, RunOptions>> = {
  plain: { gates: "no", layerWidth: 71 },
  highway: { gates: "yes", layerWidth: 50 },
};

const INITS: Readonly<Record<string, RunOptions>> = {
  orthonormal: { init: "orthonormal" },
  LSUV: { init: "lsuv", lsuv: "common", "lsuv-mode": "fixed" },
  published: { init: "glorot" },
};

const ROWS: readonly Variant[] = Object.entries(NETS).flatMap(([net, shape]) =>
  Object.entries(INITS).map(([init, options]) => ({
    name: `${net}, ${init}`,
    options: { ...shape, ...options },
  }))
);

/** Depth, gates and initial weights. */
export const highway: Experiment = {
  name: "repro:highway",
  about: "MLPs of 10 to 1,000 layers on MNIST, plain and highway, from three initializations.",
  options: {
    layers: {
      kind: "choice",
      choices: ["all", "10", "20", "50", "100", "300", "1000"],
      default: "all",
      help: "The depth, or all of them.",
    },
    activation: {
      kind: "choice",
      choices: ["relu", "tanh"],
      default: "relu",
      help: "The activation; the papers searched both.",
    },
    rate: {
      kind: "number",
      above: 0,
      default: 0.02,
      help: "The initial learning rate of all runs.",
    },
  },
  describe: ({ layers, activation, rate }) => ({
    task: "repro:highway",
    title: "Depth, with gates and without",
    question: "How many layers can an MLP have and still learn, from which initial weights?",
    measure: "test accuracy %",
    training: true,
    trains: "mnist",
    options: {
      net: "highwayMlp",
      activation: activation as string,
      optimizer: "sgd",
      momentum: 0.9,
      rate: rate as number,
      "weight-decay": 0,
      clip: 1,
      schedule: "exponential",
      "drop-by": 0.1,
      "drop-every-share": 1,
      batch: 100,
    },
    lengths: {
      quick: { epochs: 8, subset: 2000, "test-subset": 500, batch: 20 },
      cpu: { epochs: 10, subset: 5000, "test-subset": 2000 },
      gpu: { epochs: 30 },
      paper: { epochs: 400 },
    },
    rows: ROWS,
    columns: layers === "all" || layers === undefined
      ? DEPTHS
      : DEPTHS.filter(({ name }) => name === `${layers} layers`),
    quick: { columns: ["10 layers", "50 layers"] },
    paper: null,
    curves: true,
    differs: [
      "the papers (Srivastava et al. 2015) show training losses as curves: below 1e-4 for plain nets of " +
      "10 and 20 layers and for highway nets of all depths from 10 to 100, and more than 100 times as much " +
      "for plain nets of 100",
      "they searched 100 settings of rate, momentum, decay, activation and gates' bias for each net; here all " +
      "runs have one rate, momentum 0.9, one decay and gradients clipped at norm 1, and the gates' bias " +
      "follows from the depth",
      "they have no nets of 300 and 1,000 layers, but report that training did not stall beyond 1,000, and " +
      "neither orthonormal weights nor LSUV, which here sees one fixed batch",
    ],
  }),
};
