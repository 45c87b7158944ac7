/**
 * The options of the run: its folder, its checkpoints, what is written and shown.
 *
 * @module
 */
import { WATCH } from "../../cli/watch_options.ts";
import type { Table } from "../../cli/option_table.ts";

/** Where a run is written, how it is resumed, what observes it. */
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
      "results are those of a run that was never cut off. With a larger --epochs it becomes longer.",
    otherwise: "a new run",
  },
  "checkpoint-every": {
    kind: "number",
    from: 0,
    default: 60,
    help:
      "Seconds from one checkpoint to the next, 0 for one after each step. There is one at the " +
      "end and at Ctrl-C in any case.",
  },
  profile: {
    kind: "flag",
    default: false,
    help: "Whether each kernel's time is measured in training and testing, shown at the end as a " +
      "table, and written as profile.csv; this slows training down a little, on webgpu a lot.",
  },
  figures: {
    kind: "flag",
    default: true,
    help:
      "Whether the run's folder gets curve.svg and, with --init lsuv, variance.svg. They are drawn " +
      "by Vega-Lite, which npm fetches the first time; without it a run only says so.",
  },
  ...WATCH,
  quiet: { kind: "flag", default: false, help: "Print the last line only." },
} as const satisfies Table;

/** Options that may differ when a run is resumed, as results do not depend on them. */
export const FREE_ON_RESUME: ReadonlySet<string> = new Set([
  "resume",
  "data",
  "threads",
  "checkpoint-every",
  "profile",
  "figures",
  "watch",
  "watch-port",
  "quiet",
]);
