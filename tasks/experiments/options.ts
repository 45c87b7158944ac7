/**
 * The options of all experiments.
 *
 * @module
 */
import { DEVICE_OPTIONS } from "../cli/device_options.ts";
import { OptionError, type Table } from "../cli/option_table.ts";
import { WATCH } from "../cli/watch_options.ts";
import { DATA_FOLDER } from "../datasets/options.ts";

/** The options of the data. */
const DATA_OPTIONS = {
  data: DATA_FOLDER,
  procedural: {
    kind: "flag",
    default: false,
    help: "Train on images of ten shapes that a program draws, instead of real data.",
  },
} as const satisfies Table;

/** The options of the runs' length and count. */
const SIZE_OPTIONS = {
  quick: {
    kind: "flag",
    default: false,
    help:
      "Train each run for a few seconds: a small deep net on plain shapes that a program draws, " +
      "or on the data that is named, long enough to show the effect.",
  },
  paper: {
    kind: "flag",
    default: false,
    help: "Train each run as long as the paper's, on all data.",
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
    help: "How many training images to use.",
    otherwise: "as fits the device",
  },
  "test-subset": {
    kind: "integer",
    from: 1,
    help: "How many test images to use.",
    otherwise: "all, fewer with --quick",
  },
  seeds: {
    kind: "text",
    value: "N,N,…",
    help: "The seeds; every run is trained once with each.",
    otherwise: "0 on a CPU and with --quick, else 0,1,2",
  },
  rows: {
    kind: "text",
    value: "NAME;…",
    help:
      "Only these rows of the table, by their names. Runs that the results' folder holds are kept, " +
      "so that rows and seeds of some of them may be added one after another.",
    otherwise: "all",
  },
  columns: { kind: "text", value: "NAME;…", help: "Only these columns.", otherwise: "all" },
} as const satisfies Table;

/** The options of how runs are trained, and where they are written. */
const RUN_OPTIONS = {
  out: {
    kind: "path",
    value: "DIR",
    help: "The results' folder. One that holds the same experiment is resumed.",
    otherwise: "runs/TASK, or runs/TASK-quick with --quick",
  },
  ...DEVICE_OPTIONS,
  wide: {
    kind: "flag",
    default: false,
    help:
      "With --device cpu: code for V8's flag --experimental-wasm-revectorize, which the tasks " +
      "train:*:fast set; slower without that flag.",
  },
  jobs: {
    kind: "integer",
    from: 1,
    default: 1,
    help:
      "How many runs to train in parallel, each on its share of the processors; results do not " +
      "depend on it. Each needs as much memory as a single run.",
  },
  shard: {
    kind: "text",
    value: "I/N",
    help:
      "Be the I-th of N programs that share the runs, on one machine or on several with a common " +
      "folder of results; each may be stopped and started again.",
    otherwise: "what the job array of Slurm, Grid Engine, LSF or PBS says, else none",
  },
  "checkpoint-every": {
    kind: "number",
    from: 0,
    default: 60,
    help: "Seconds between checkpoints of a run.",
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

/** Parses seeds such as `0,1,2`. */
export function parseSeeds(text: string): readonly number[] {
  const seeds = text.split(",").map((part) => /^\d+$/.test(part.trim()) ? Number(part) : NaN);
  if (seeds.every(Number.isSafeInteger) && new Set(seeds).size === seeds.length) return seeds;
  throw new OptionError(
    `--seeds: expected different integers from 0 to ${Number.MAX_SAFE_INTEGER} such as 0,1,2, found ${text}`,
  );
}
