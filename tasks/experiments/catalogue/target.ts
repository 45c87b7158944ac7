/**
 * `ablate:target`: whether unit variance is the right one.
 *
 * @module
 */
import type { Variant } from "../description.ts";
import type { Experiment } from "../experiment.ts";
import { activationOption, cifarLengths, NET, selectColumns } from "./nets.ts";

const COLUMNS = [
  { name: "ReLU", options: { activation: "relu" } },
  { name: "maxout", options: { activation: "maxout" } },
  { name: "tanh", options: { activation: "tanh" } },
] as const;

const TARGETS = [0.25, 0.5, 1, 2, 4] as const;

const plain: readonly Variant[] = TARGETS.map((target) => ({
  name: `variance ${target}`,
  options: { "lsuv-target": target },
}));

const centered: readonly Variant[] = TARGETS.map((target) => ({
  name: `variance ${target}, mean 0`,
  options: { "lsuv-target": target, "lsuv-center": true },
}));

const afterwards: readonly Variant[] = TARGETS.map((target) => ({
  name: `variance ${target} after the activation`,
  options: { "lsuv-target": target, normalize: "activation" },
}));

/** The target of LSUV. */
export const target: Experiment = {
  name: "ablate:target",
  about: "LSUV to other variances than 1, with the mean removed, and after the activation.",
  options: { ...NET, ...activationOption(COLUMNS) },
  describe: ({ net, activation }) => ({
    task: "ablate:target",
    title: "The variance that LSUV aims at",
    question: "Is unit variance the best one, and does it help to remove the mean as well?",
    measure: "test accuracy %",
    trains: "cifar",
    options: { init: "lsuv", lsuv: "common", "lsuv-mode": "fixed" },
    lengths: cifarLengths(net),
    rows: [...plain, ...centered, ...afterwards],
    columns: selectColumns(COLUMNS, activation),
    quick: {
      rows: ["variance 0.25", "variance 1", "variance 4", "variance 1, mean 0"],
      columns: ["maxout"],
    },
    paper: null,
    differs: [
      "the paper has unit variance before the activation only; implementations of others remove the mean too",
    ],
  }),
};
