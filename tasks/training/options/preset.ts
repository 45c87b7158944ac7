/**
 * The option that chooses the preset: how long a training is.
 *
 * @module
 */
import { PRESET_NAMES, type TaskName } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** What the presets set, in words. */
const helpOf = (task: TaskName): string =>
  task === "pictures"
    ? "The defaults of --epochs and --crop: paper trains as long, and on windows as large, as is usual for " +
      "ImageNet; quick takes a few minutes on a CPU for a few hundred pictures."
    : "The defaults of --net, --epochs, --lsuv, --lsuv-mode and --lsuv-dropout: paper trains as the " +
      "paper did, or a net with a recipe of its own as its authors did; quick takes a few minutes on a CPU.";

/** The preset. */
export const presetOptions = (task: TaskName) =>
  ({
    preset: {
      kind: "choice",
      choices: PRESET_NAMES,
      help: helpOf(task),
      otherwise: "paper on a hardware GPU, quick elsewhere; the first lines say which",
    },
  }) as const satisfies Table;
