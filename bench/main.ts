/**
 * `deno task bench`: how fast a device is, and how near to what it can do. `--help` tells how.
 *
 * @module
 */
import { MOST_THREADS, openCpu } from "../src/device/cpu/mod.ts";
import { DEVICES, type OpenOptions } from "../src/device/open.ts";
import { Profiler } from "../src/device/profile.ts";
import { type Runtime, runtimeOn } from "../src/runtime/mod.ts";
import {
  type Command,
  command,
  openDevice,
  OptionError,
  TaskError,
  type Values,
} from "../tasks/cli/mod.ts";
import { closestString } from "../src/closest_string.ts";
import { machineHere, slugOf } from "./machine.ts";
import { newResultPath, writeResult } from "./place.ts";
import { type Result, type Row, wrongOf } from "./result.ts";
import type { Bench, Opening, Suite } from "./suite.ts";
import { elementwise } from "./suites/elementwise.ts";
import { convolutions } from "./suites/fitnet_convolutions.ts";
import { lsuvCost } from "./suites/lsuv.ts";
import { matmuls } from "./suites/matmul.ts";
import { start } from "./suites/start.ts";
import { steps } from "./suites/steps.ts";
import { winograd } from "./suites/winograd.ts";
import { ceilingsLine, tableOf } from "./table.ts";

const SUITES = {
  matmul: matmuls,
  convolution: convolutions,
  winograd,
  elementwise,
  steps,
  lsuv: lsuvCost,
  start,
} as const satisfies Record<string, Suite>;
const NAMES = Object.keys(SUITES) as (keyof typeof SUITES)[];

const TABLE = {
  device: {
    kind: "choice",
    choices: DEVICES,
    default: "auto",
    help: "What computes; auto is a hardware GPU, else the CPU.",
  },
  only: {
    kind: "text",
    value: "NAME,…",
    help: `What to measure, of ${NAMES.join(", ")}.`,
    otherwise: "all of them",
  },
  quick: { kind: "flag", default: false, help: "Small work only, for a few moments each." },
  seconds: {
    kind: "number",
    above: 0,
    help: "How long each measurement is repeated, after it is warm.",
    otherwise: "1; 0.1 with --quick",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "Where the figures go, as JSON. A file that is there is replaced.",
    otherwise: "a new file bench/results/DATE-DEVICE.json",
  },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "With cpu: threads that compute.",
    otherwise: "as many as processors",
  },
  wide: {
    kind: "flag",
    default: false,
    help: "With cpu: code for V8's --experimental-wasm-revectorize, which must be on.",
  },
  profile: {
    kind: "flag",
    default: false,
    help: "Below each training step, a table of its kernels.",
  },
} as const;

const BENCH: Command<typeof TABLE> = {
  name: "bench",
  table: TABLE,
  page: {
    command: "deno task bench",
    about: "measure a device: products, convolutions, elementwise work, training steps, LSUV and " +
      "the start of a process, beside the most that it can do, and how far results are from float64.",
    examples: [
      ["deno task bench --device cpu", "Everything on the CPU:"],
      ["deno task bench --quick --only matmul,steps", "A first look:"],
      [
        "deno task bench --device cpu --only winograd",
        "What the choice of an algorithm for convolutions rests on:",
      ],
    ],
    notes: [
      "The most that the device can do is measured in the same run, in registers and in copying: " +
      "'of peak' and 'of copy' are shares of it. Operations are counted as the work is defined, so " +
      "fast algorithms (Winograd) may pass the peak, and values that lie in a cache the copying.",
      "For kernels 'ms' is by the device's own clock and 'whole call' by the host's; 'quartiles' are of " +
      "the repetitions. A training step is timed without reading anything back in between.",
      "'error' is the largest distance from float64 as a share of the root of the mean square, of the " +
      "very work that is timed: some elements of a product, the first and last image of a " +
      "convolution. Of a training step it is that of two losses at batch 2, relative.",
      "A cold start has no code compiled before, neither by V8 nor by the driver; a warm one is the " +
      "third of the same program or a later one.",
      "Exit codes: 0 done, 1 a result is wrong or something failed, 2 a wrong command line.",
    ],
  },
};

/** The suites that are asked for. Throws an {@linkcode OptionError} on an unknown name. */
export function chosenOf(only: string | undefined): readonly (keyof typeof SUITES)[] {
  if (only === undefined) return NAMES;
  const names = only.split(",").map((name) => name.trim());
  for (const name of names) {
    if (NAMES.some((known) => known === name)) continue;
    const near = closestString(name, NAMES), hint = near ? `; did you mean ${near}?` : "";
    throw new OptionError(
      `--only: expected some of ${NAMES.join(", ")}, found ${name || "nothing"}${hint}`,
    );
  }
  return NAMES.filter((name) => names.includes(name));
}

/** Opens the device of the command line once more. */
async function openAgain(
  options: OpenOptions,
  { profile = false, winograd }: Opening = {},
): Promise<Runtime> {
  if (winograd === undefined) return await openDevice({ ...options, profile });
  const { threads, wide } = options;
  return runtimeOn(openCpu(threads, { winograd, wide }, profile ? new Profiler() : undefined));
}

/** Measures suite after suite; what there is after each of them is saved. */
async function measured(
  names: ReturnType<typeof chosenOf>,
  bench: Bench,
  save: (rows: readonly Row[]) => Promise<void>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (const name of names) {
    const rows: Row[] = [];
    for await (const row of SUITES[name](bench)) {
      rows.push(row);
      if (Deno.stderr.isTerminal()) console.error(`${row.suite}: ${row.name}`);
    }
    if (rows.length > 0) bench.tell(tableOf(rows));
    all.push(...rows);
    await save(all);
  }
  return all;
}

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const { device, only, quick, seconds = quick ? 0.1 : 1, threads, wide, profile } = values;
  const names = chosenOf(only), options = { device, threads, wide };
  await using run = await openAgain(options, { profile: true });
  const machine = await machineHere(), { description } = run;
  let { out } = values;
  const most = await run.peak();
  console.log(`${run.device}: ${description} | ${machine.machine}\n${ceilingsLine(most)}`);
  const save = async (rows: readonly Row[]) => {
    const result: Result = {
      ...machine,
      command: ["deno", "task", "bench", ...args].join(" "),
      device: { name: run.device, description },
      ceilings: most,
      rows,
    };
    out ??= await newResultPath(`${machine.date}-${slugOf(run)}`);
    await writeResult(out, result);
  };
  const given: Bench = {
    quick,
    budget: 1000 * seconds,
    most,
    run,
    options: { ...options, device: run.device as OpenOptions["device"] },
    profile,
    tell: (text) => console.log(`\n${text}`),
    open: (opening) => openAgain(options, opening),
  };
  const rows = await measured(names, given, save);
  console.log(`\n${out}`);
  const wrong = wrongOf(rows);
  if (wrong.length > 0) {
    throw new TaskError(
      `expected results as in float64, found ${wrong.length} that differ: ` +
        wrong.map(({ name }) => name).join("; "),
    );
  }
}

/** Runs the task; returns the exit code. */
export const bench = (args: readonly string[]): Promise<number> =>
  command(BENCH, args, ({ values }) => work(values, args));

if (import.meta.main) Deno.exit(await bench(Deno.args));
