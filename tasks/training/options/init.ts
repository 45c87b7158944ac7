/**
 * The options of the initial weights.
 *
 * @module
 */
import { INITS, PRE_INITS } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options of the initializer. */
export const INIT_OPTIONS = {
  init: {
    kind: "choice",
    choices: INITS,
    default: "lsuv",
    help: "The initializer. xavier is Caffe's, with variance 1 / fan-in; glorot has " +
      "variance 2 / (fan-in + fan-out), he 2 / fan-in.",
  },
  "pre-init": {
    kind: "choice",
    choices: PRE_INITS,
    help: "With --init lsuv: the initializer of the weights that LSUV rescales.",
    otherwise: "orthonormal",
  },
  std: {
    kind: "number",
    above: 0,
    help: "The standard deviation of Gaussian or uniform weights.",
    otherwise: "0.01, or 1 before lsuv",
  },
  "layer-stds": {
    kind: "numbers",
    help: "The standard deviation by layer: one number for each layer with weights, in order.",
    otherwise: "that of --std",
  },
  gain: {
    kind: "number",
    above: 0,
    help: "With --init orthonormal: the factor of the orthonormal weights.",
    otherwise: "1",
  },
} as const satisfies Table;
