/**
 * `ablate:rate`: at which learning rates a net learns from which initial weights.
 *
 * @module
 */
import type { Variant } from "../description.ts";
import type { Experiment } from "../experiment.ts";
import { AUTHORS_LSUV, cifarLengths, LSUV_DIFFERS, NET } from "./nets.ts";

/** The paper's learning rate, and those that the authors say they tried too. */
const RATES: readonly Variant[] = [0.005, 0.01, 0.02, 0.05, 0.1].map((rate) => ({
  name: `rate ${rate}`,
  options: { rate },
}));

/** Learning rates. */
export const rate: Experiment = {
  name: "ablate:rate",
  about: "the learning rates at which a net learns from LSUV and from weights that no data scaled.",
  options: NET,
  describe: ({ net }) => ({
    task: "ablate:rate",
    title: "Learning rates",
    question: "Does LSUV allow larger learning rates, and is 0.01 the best for it?",
    measure: "test accuracy %",
    trains: "cifar",
    options: { optimizer: "sgd", momentum: 0.9 },
    lengths: cifarLengths(net),
    quick: {
      rows: ["LSUV", "orthonormal", "Xavier"],
      columns: ["rate 0.005", "rate 0.01"],
    },
    rows: [
      { name: "LSUV", options: AUTHORS_LSUV },
      { name: "orthonormal", options: { init: "orthonormal" } },
      { name: "Xavier", options: { init: "xavier" } },
      { name: "He", options: { init: "he" } },
    ],
    columns: RATES,
    paper: null,
    differs: [
      "the paper has 0.01 alone; its authors wrote later that 0.1, 0.05, 0.02 and 0.005 were not better " +
      "(LSUVinit, issue 1), without numbers",
      "maxout from Xavier and He has momentum 0.9 too, where the authors' runs had 0.5",
      LSUV_DIFFERS,
    ],
  }),
};
