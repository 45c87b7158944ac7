/**
 * The options of the initial weights.
 *
 * @module
 */
import { INITS, PRE_INITS } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** How initial weights are made. */
export const INIT_OPTIONS = {
  init: {
    kind: "choice",
    choices: INITS,
    default: "lsuv",
    help: "The initializer. xavier is Caffe's, of variance 1 / fan-in; glorot is of " +
      "variance 2 / (fan-in + fan-out); he of 2 / fan-in.",
  },
  "pre-init": {
    kind: "choice",
    choices: PRE_INITS,
    help: "With --init lsuv: the initializer of the weights that are rescaled.",
    otherwise: "orthonormal",
  },
  std: {
    kind: "number",
    above: 0,
    help: "The standard deviation of gaussian weights.",
    otherwise: "0.01, or 1 before lsuv",
  },
  gain: {
    kind: "number",
    above: 0,
    help: "With --init orthonormal: what orthonormal weights are multiplied by.",
    otherwise: "1",
  },
} as const satisfies Table;
