/**
 * The option that chooses how long a training is.
 *
 * @module
 */
import { PRESET_NAMES } from "../presets.ts";
import type { Table } from "../../cli/option_table.ts";

/** The preset. */
export const PRESET_OPTIONS = {
  preset: {
    kind: "choice",
    choices: PRESET_NAMES,
    help:
      "What --net, --epochs, --lsuv, --lsuv-mode and --lsuv-dropout are unless given: paper, as the " +
      "paper trained it; quick, a few minutes on a processor.",
    otherwise: "paper on a hardware GPU, quick elsewhere; a line at the start says which",
  },
} as const satisfies Table;
