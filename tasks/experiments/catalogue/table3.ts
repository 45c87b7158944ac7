/**
 * `repro:table3` and `repro:figure1`: initializations and activations, as numbers and as curves.
 *
 * @module
 */
import type { Description } from "../description.ts";
import type { Experiment } from "../experiment.ts";
import {
  activationOption,
  AUTHORS_LSUV,
  cifarLengths,
  LSUV_DIFFERS,
  NET,
  selectColumns,
} from "./nets.ts";

const COLUMNS = [
  { name: "maxout", options: { activation: "maxout" } },
  { name: "ReLU", options: { activation: "relu" } },
  { name: "VLReLU", options: { activation: "vlrelu" } },
  { name: "tanh", options: { activation: "tanh" } },
  { name: "Sigmoid", options: { activation: "sigmoid" } },
];

/** The figure has no sigmoid. */
const PANELS = COLUMNS.slice(0, 4);

const ROWS = [
  { name: "LSUV", options: AUTHORS_LSUV },
  { name: "OrthoNorm", options: { init: "orthonormal" } },
  { name: "Xavier", options: { init: "xavier" } },
  { name: "MSRA", options: { init: "he" } },
];

/** The authors' exceptions in single runs. */
const SPECIAL: Description["special"] = [
  { row: "Xavier", column: "maxout", options: { momentum: 0.5 } },
  {
    row: "MSRA",
    column: "maxout",
    options: { rate: 0.001, momentum: 0.5, clip: 50, "drop-shares": [8 / 9] },
  },
];

const PAPER = {
  LSUV: { maxout: 93.94, ReLU: 92.11, VLReLU: 92.97, tanh: 89.28, Sigmoid: "n/c" },
  OrthoNorm: { maxout: 93.78, ReLU: 91.74, VLReLU: 92.40, tanh: 89.48, Sigmoid: "n/c" },
  Xavier: { maxout: 91.75, ReLU: 90.63, VLReLU: 92.27, tanh: 89.82, Sigmoid: "n/c" },
  MSRA: { maxout: "n/c", ReLU: 90.91, VLReLU: 92.43, tanh: 89.54, Sigmoid: "n/c" },
} as const;

const withoutSigmoid = Object.fromEntries(
  Object.entries(PAPER).map(([row, { Sigmoid: _, ...others }]) => [row, others]),
);

const DIFFERS = [
  LSUV_DIFFERS,
  "as the authors had it, maxout from Xavier has momentum 0.5, and maxout from MSRA rate 0.001, " +
  "momentum 0.5 and gradients clipped at 50, which the paper counts as n/c",
];

/** The paper's table 3. */
export const table3: Experiment = {
  name: "repro:table3",
  about: "the paper's table 3: initializations and activations on CIFAR-10.",
  options: { ...NET, ...activationOption(COLUMNS) },
  describe: ({ net, activation }) => ({
    task: "repro:table3",
    title: "Table 3: initializations and activations",
    question: "Which initial weights make FitNet-4 trainable with which activation, and how well?",
    measure: "test accuracy %",
    trains: "cifar",
    options: {},
    lengths: cifarLengths(net),
    rows: [...ROWS, { name: "Gaussian 0.01", options: { init: "gaussian", std: 0.01 } }],
    columns: selectColumns(COLUMNS, activation),
    special: SPECIAL,
    quick: { columns: ["maxout", "ReLU"] },
    paper: PAPER,
    differs: [...DIFFERS, "the paper's table has no row of Gaussian weights"],
  }),
};

/** The paper's figure 1. */
export const figure1: Experiment = {
  name: "repro:figure1",
  about: "the paper's figure 1: accuracy by epoch, for each activation.",
  options: { ...NET, ...activationOption(PANELS) },
  describe: ({ net, activation }) => ({
    task: "repro:figure1",
    title: "Figure 1: accuracy by epoch",
    question: "How fast does FitNet-4 learn from each initialization?",
    measure: "test accuracy %",
    trains: "cifar",
    options: {},
    lengths: cifarLengths(net),
    rows: ROWS,
    columns: selectColumns(PANELS, activation),
    special: SPECIAL,
    quick: { columns: ["maxout"] },
    paper: withoutSigmoid,
    curves: true,
    differs: [...DIFFERS, "the paper's numbers are those of table 3, at the curves' ends"],
  }),
};
