/**
 * `ablate:norm`: whether a layer's output or its input is scaled to unit variance.
 *
 * @module
 */
import type { Experiment } from "../experiment.ts";
import { cifarLengths, NET } from "./nets.ts";

/** The branching net, which has one width. */
const BRANCHING = { net: "branching", shrink: undefined };

/** Output or input normalization. */
export const norm: Experiment = {
  name: "ablate:norm",
  about: "LSUV of each layer's output, LSUV of each layer's input, and orthonormal weights alone.",
  options: NET,
  describe: ({ net }) => ({
    task: "ablate:norm",
    title: "Output or input normalization",
    question: "Is it better to bring what enters a layer to unit variance than what leaves it?",
    measure: "test accuracy %",
    trains: "cifar",
    options: {},
    lengths: cifarLengths(net),
    rows: [
      { name: "output", options: { init: "lsuv", normalize: "output" } },
      { name: "input", options: { init: "lsuv", normalize: "input" } },
      { name: "none", options: { init: "orthonormal" } },
    ],
    columns: [
      { name: "maxout", options: { activation: "maxout" } },
      { name: "maxout, branching net", options: { activation: "maxout", ...BRANCHING } },
      { name: "ReLU, branching net", options: { activation: "relu", ...BRANCHING } },
    ],
    paper: null,
    differs: [
      "the paper has no numbers here, only the sentence that input normalization brought no improvement",
      "the branching net is a small one of two modules; the paper speaks of GoogLeNet",
    ],
  }),
};
