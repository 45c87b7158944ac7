/**
 * `ablate:preinit`: initializers with LSUV and without it.
 *
 * @module
 */
import type { Experiment } from "../experiment.ts";
import { activationOption, cifarLengths, NET, selectColumns } from "./nets.ts";

const COLUMNS = [
  { name: "maxout", options: { activation: "maxout" } },
  { name: "ReLU", options: { activation: "relu" } },
  { name: "tanh", options: { activation: "tanh" } },
];

/** Initial weights under LSUV and without it. */
export const preinit: Experiment = {
  name: "ablate:preinit",
  about: "LSUV from orthonormal and from Gaussian weights, beside weights that no data has scaled.",
  options: { ...NET, ...activationOption(COLUMNS) },
  describe: ({ net, activation }) => ({
    task: "ablate:preinit",
    title: "Initial weights under LSUV and without it",
    question:
      "Does LSUV need orthonormal weights to begin with, and what do they do by themselves?",
    measure: "test accuracy %",
    trains: "cifar",
    options: {},
    lengths: cifarLengths(net),
    rows: [
      { name: "LSUV of orthonormal", options: { init: "lsuv" } },
      { name: "LSUV of Gaussian", options: { init: "lsuv", "pre-init": "gaussian" } },
      { name: "orthonormal", options: { init: "orthonormal" } },
      { name: "Gaussian 0.01", options: { init: "gaussian", std: 0.01 } },
      { name: "Xavier, fan-in", options: { init: "xavier" } },
      { name: "Xavier, mean fan", options: { init: "glorot" } },
      { name: "He", options: { init: "he" } },
    ],
    columns: selectColumns(COLUMNS, activation),
    quick: { columns: ["maxout"] },
    paper: {
      "LSUV of orthonormal": { maxout: 93.94, ReLU: 92.11, tanh: 89.28 },
      orthonormal: { maxout: 93.78, ReLU: 91.74, tanh: 89.48 },
      "Xavier, fan-in": { maxout: 91.75, ReLU: 90.63, tanh: 89.82 },
      He: { maxout: "n/c", ReLU: 90.91, tanh: 89.54 },
    },
    differs: [
      "one solver and LSUV's common settings for all runs; repro:table3 has the authors' own",
      "of LSUV from Gaussian weights the paper says only that it is a little worse each time",
    ],
  }),
};
