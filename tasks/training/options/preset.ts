/**
 * The option that chooses the preset: how long a training is.
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
      "The defaults of --net, --epochs, --lsuv, --lsuv-mode and --lsuv-dropout: paper trains as the " +
      "paper did, or a net with a recipe of its own as its authors did; quick takes a few minutes on a CPU.",
    otherwise: "paper on a hardware GPU, quick elsewhere; the first lines say which",
  },
} as const satisfies Table;
