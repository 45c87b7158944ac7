/**
 * The options of the run: its folder, its checkpoints, its files, what is shown.
 *
 * @module
 */
import { WATCH } from "../../cli/watch_options.ts";
import type { Table } from "../../cli/option_table.ts";

/** The options of a run's folder, of resuming it, and of what observes it. */
export const RUN_OPTIONS = {
  out: {
    kind: "path",
    value: "DIR",
    help: "The run's folder, which must be new or empty.",
    otherwise: "runs/TIME-NET-ACTIVATION-INIT-sSEED",
  },
  resume: {
    kind: "path",
    value: "DIR",
    help: "Resume the run in this folder from its last checkpoint, with its own settings; its " +
      "results are those of a run without interruption. A larger --epochs makes it longer.",
    otherwise: "a new run",
  },
  "checkpoint-every": {
    kind: "number",
    from: 0,
    default: 60,
    help: "Seconds between checkpoints, 0 for one after each step. One is always written at the " +
      "end and at Ctrl-C.",
  },
  profile: {
    kind: "flag",
    default: false,
    help:
      "Measure the time of each kernel in training and testing, print a table at the end, and " +
      "write profile.csv; this slows training down a little, on webgpu a lot.",
  },
  "loss-every": {
    kind: "integer",
    from: 1,
    help: "Write the training loss of every so many steps to steps.csv.",
    otherwise: "none; epochs.csv has that of each epoch",
  },
  figures: {
    kind: "flag",
    default: true,
    help:
      "Write curve.svg and, with --init lsuv, variance.svg into the run's folder. They are drawn " +
      "by Vega-Lite, fetched from npm at first use; without it a run prints a line instead.",
  },
  tensorboard: {
    kind: "flag",
    default: false,
    help:
      "Write TensorBoard's events into the run's folder: losses, accuracies, the learning rate, speed and " +
      "settings. TensorBoard shows those of a folder of runs.",
  },
  ...WATCH,
  quiet: { kind: "flag", default: false, help: "Print the last line only." },
} as const satisfies Table;

/** Options that may differ on resuming a run, as results do not depend on them. */
export const FREE_ON_RESUME: ReadonlySet<string> = new Set([
  "resume",
  "data",
  "device",
  "strict",
  "threads",
  "native",
  "distributed",
  "checkpoint-every",
  "profile",
  "figures",
  "tensorboard",
  "watch",
  "watch-port",
  "quiet",
]);
