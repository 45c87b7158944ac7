/**
 * The options of the device, and of how it computes.
 *
 * @module
 */
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import { taskCommand, type TaskName } from "../../run/settings.ts";
import type { Table } from "../../cli/option_table.ts";

/** Which task sets V8's flag, in words. */
const fastTask = (task: TaskName): string =>
  task === "pictures" ? "" : `, which the task ${taskCommand(task)}:fast sets`;

/** The options of the device and its algorithms. */
export const deviceOptions = (task: TaskName) =>
  ({
    ...DEVICE_OPTIONS,
    winograd: {
      kind: "flag",
      default: true,
      help:
        "With --device cpu: Winograd's algorithms for 3×3 convolutions, which are faster with larger " +
        "rounding errors.",
    },
    native: {
      kind: "flag",
      default: true,
      help:
        "With --device cpu: products in AVX-512 or AVX2 code where the processor has it; results do not " +
        "depend on it.",
    },
    resident: {
      kind: "choice",
      choices: ["auto", "yes", "no"] as const,
      default: "auto",
      help:
        "Whether the data set is kept in the device's memory and the device assembles batches itself, " +
        "equal up to rounding. auto: on a GPU with enough memory.",
    },
    wide: {
      kind: "flag",
      default: false,
      help:
        `With --device cpu: code for V8's flag --experimental-wasm-revectorize${
          fastTask(task)
        }; slower ` +
        "without that flag.",
    },
    distributed: {
      kind: "choice",
      choices: ["mpi", "none"] as const,
      help:
        "Whether the processes that mpirun or srun started train one net together, each its share of every " +
        "batch, or each a net of its own.",
      otherwise: "mpi where one of them has started several processes",
    },
  }) as const satisfies Table;
