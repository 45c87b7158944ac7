/**
 * `ablate:lsuv`: the parameters of LSUV one by one, and the cost of each.
 *
 * @module
 */
import type { Description, Variant } from "../description.ts";
import type { Experiment } from "../experiment.ts";
import { AUTHORS_LSUV, cifarLengths, LSUV_DIFFERS, NET } from "./nets.ts";

const DROPOUT = 0.2;

const batches: readonly Variant[] = [16, 32, 64, 256, 1024].map((batch) => ({
  name: `batch ${batch}`,
  options: { "lsuv-batch": batch },
}));

const trials: readonly Variant[] = [1, 2, 5].map((most) => ({
  name: `T_max ${most}`,
  options: { "lsuv-trials": most },
}));

/** Lengths with the net's dropout also where runs are short, as it is part of the question. */
const withDropout = (lengths: Description["lengths"]): Description["lengths"] => ({
  ...lengths,
  quick: { ...lengths.quick, dropout: 0 },
});

/** The parameters of LSUV. */
export const lsuv: Experiment = {
  name: "ablate:lsuv",
  about: "LSUV's tolerance, batches, dropout and limit of trials, one by one, and what they cost.",
  options: {
    ...NET,
    activation: {
      kind: "choice",
      choices: ["maxout", "relu", "tanh"],
      default: "maxout",
      help: "The activation of all runs.",
    },
  },
  describe: ({ net, activation }) => ({
    task: "ablate:lsuv",
    title: "The parameters of LSUV",
    question: "How exact need LSUV be, on how many images, and what does it cost?",
    measure: "test accuracy %",
    trains: "cifar",
    options: { ...AUTHORS_LSUV, "lsuv-batch": 128, dropout: DROPOUT },
    lengths: withDropout(cifarLengths(net)),
    quick: {
      rows: ["paper: 0.05, 100 trials", "one fixed batch", "batch 16", "T_max 1", "no LSUV"],
    },
    rows: [
      { name: "paper: 0.05, 100 trials", options: { lsuv: "paper2015" } },
      { name: "authors: 0.02, 20 trials", options: { lsuv: "authors" } },
      { name: "common: 0.1, 10 trials", options: { lsuv: "common" } },
      { name: "one fixed batch", options: { "lsuv-mode": "fixed" } },
      { name: "no dropout meanwhile", options: { "lsuv-dropout": false } },
      ...batches,
      ...trials,
      {
        name: "no LSUV",
        options: {
          init: "orthonormal",
          lsuv: undefined,
          "lsuv-mode": undefined,
          "lsuv-batch": undefined,
          "lsuv-dropout": undefined,
        },
      },
    ],
    columns: [{ name: String(activation), options: { activation: String(activation) } }],
    paper: null,
    differs: [
      "the 2015 paper gives no numbers for LSUV's parameters",
      "each row changes one thing of the first: fresh batches of 128, dropout 0.2",
      LSUV_DIFFERS,
    ],
  }),
};
