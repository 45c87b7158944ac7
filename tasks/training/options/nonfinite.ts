/**
 * The option of what is done about numbers that are not finite.
 *
 * @module
 */
import { NON_FINITE, STOP } from "../../../src/train/nonfinite/policy.ts";
import type { Table } from "../../cli/option_table.ts";

/** The option. */
export const NONFINITE_OPTIONS = {
  "on-nonfinite": {
    kind: "choice",
    choices: NON_FINITE,
    default: "stop",
    help:
      "What to do where a loss, a gradient or an updated weight is not finite: stop; skip the " +
      `step's update, at most ${STOP.limit} in a row; or lower-rate: go back to the last good weights ` +
      `and multiply the learning rate by ${STOP.factor}, at most ${STOP.limit} times.`,
  },
} as const satisfies Table;
