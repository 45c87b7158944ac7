/**
 * The options of the device, and of how it computes.
 *
 * @module
 */
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import type { TaskName } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** What computes, and how. */
export const deviceOptions = (task: TaskName) =>
  ({
    ...DEVICE_OPTIONS,
    winograd: {
      kind: "flag",
      default: true,
      help:
        "With --device cpu: 3×3 convolutions by Winograd's algorithms, which are faster and round " +
        "more.",
    },
    resident: {
      kind: "choice",
      choices: ["auto", "yes", "no"] as const,
      default: "auto",
      help:
        "Whether the data set lies in the device's memory, where the device assembles batches itself, " +
        "equal up to rounding. auto: on a GPU with room for it.",
    },
    wide: {
      kind: "flag",
      default: false,
      help:
        "With --device cpu: code for V8's flag --experimental-wasm-revectorize, which the task " +
        `train:${task}:fast sets; slower without it.`,
    },
  }) as const satisfies Table;
