/**
 * The options that all experiments have.
 *
 * @module
 */
import { MOST_THREADS } from "../../src/device/cpu/mod.ts";
import { DEVICES } from "../../src/device/open.ts";
import { WATCH } from "../cli/watch_options.ts";
import { OptionError, type Table } from "../cli/option_table.ts";

/** The options of every experiment. */
export const COMMON = {
  data: {
    kind: "path",
    value: "DIR",
    help: "The folder of the data set's files.",
    otherwise: "the environment variable GOODINIT_DATA; without either the data is downloaded",
  },
  procedural: {
    kind: "flag",
    default: false,
    help: "Whether to train on images of ten shapes that a program draws, in place of real data.",
  },
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
    help: "How often all training images are seen.",
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
  out: {
    kind: "path",
    value: "DIR",
    help: "The results' folder. One that holds the same experiment is resumed.",
    otherwise: "runs/TASK, with -quick behind it with --quick",
  },
  device: {
    kind: "choice",
    choices: DEVICES,
    default: "auto",
    help:
      "What computes. auto is webgpu with a hardware GPU, else cpu; reference is exact and very " +
      "slow.",
  },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "With the device cpu: how many threads compute; results do not depend on it.",
    otherwise: "as many as there are processors",
  },
  wide: {
    kind: "flag",
    default: false,
    help: "With the device cpu: code for V8's flag --experimental-wasm-revectorize, as the tasks " +
      "train:*:fast have it; slower without the flag.",
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
