/**
 * The options that all experiments have.
 *
 * @module
 */
import { DEVICE_OPTIONS } from "../cli/device_options.ts";
import { OptionError, type Table } from "../cli/option_table.ts";
import { WATCH } from "../cli/watch_options.ts";
import { DATA_FOLDER } from "../datasets/options.ts";

/** Which data. */
const DATA_OPTIONS = {
  data: DATA_FOLDER,
  procedural: {
    kind: "flag",
    default: false,
    help: "Whether to train on images of ten shapes that a program draws, in place of real data.",
  },
} as const satisfies Table;

/** How long the runs are, and how many of each. */
const SIZE_OPTIONS = {
  quick: {
    kind: "flag",
    default: false,
    help:
      "Whether to make all runs in a few seconds each, to see that everything works; where no " +
      "data is named, on procedural images.",
  },
  paper: {
    kind: "flag",
    default: false,
    help: "Whether to make all runs as long as the paper's, on all data.",
  },
  epochs: {
    kind: "integer",
    from: 1,
    help: "Passes over all training images.",
    otherwise: "as fits the device",
  },
  subset: {
    kind: "integer",
    from: 1,
    help: "Train on so many images only.",
    otherwise: "as fits the device",
  },
  "test-subset": {
    kind: "integer",
    from: 1,
    help: "Test on so many images only.",
    otherwise: "all, but with --quick",
  },
  seeds: {
    kind: "text",
    value: "N,N,…",
    help: "Every run is made once with each.",
    otherwise: "0 on a processor and with --quick, else 0,1,2",
  },
} as const satisfies Table;

/** How runs are made, and where they are written. */
const RUN_OPTIONS = {
  out: {
    kind: "path",
    value: "DIR",
    help: "The results' folder. One that holds the same experiment is resumed.",
    otherwise: "runs/TASK, with -quick behind it with --quick",
  },
  ...DEVICE_OPTIONS,
  wide: {
    kind: "flag",
    default: false,
    help:
      "With --device cpu: code for V8's flag --experimental-wasm-revectorize, which the tasks " +
      "train:*:fast set; slower without it.",
  },
  jobs: {
    kind: "integer",
    from: 1,
    default: 1,
    help:
      "How many runs are made side by side, each on its share of the processors; results do not " +
      "depend on it. Each takes as much memory as one alone.",
  },
  "checkpoint-every": {
    kind: "number",
    from: 0,
    default: 60,
    help: "Seconds from one checkpoint of a run to the next.",
  },
} as const satisfies Table;

/** The options of every experiment. */
export const EXPERIMENT_OPTIONS = {
  ...DATA_OPTIONS,
  ...SIZE_OPTIONS,
  ...RUN_OPTIONS,
  ...WATCH,
  quiet: { kind: "flag", default: false, help: "Print the table at the end only." },
} as const satisfies Table;

/** Seeds from a text such as `0,1,2`. */
export function parseSeeds(text: string): readonly number[] {
  const seeds = text.split(",").map((part) => /^\d+$/.test(part.trim()) ? Number(part) : NaN);
  if (seeds.every(Number.isSafeInteger) && new Set(seeds).size === seeds.length) return seeds;
  throw new OptionError(
    `--seeds: expected different integers from 0 to ${Number.MAX_SAFE_INTEGER} such as 0,1,2, found ${text}`,
  );
}
