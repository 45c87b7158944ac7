/**
 * `deno task bench`: how fast a device is, compared with its peak. See `--help`.
 *
 * @module
 */
import { openCpu } from "../src/device/cpu/mod.ts";
import { MOST_THREADS } from "../src/device/cpu/threads/most_threads.ts";
import { DEVICES, type OpenOptions } from "../src/device/open.ts";
import { Profiler } from "../src/device/profile.ts";
import { type Runtime, runtimeOn } from "../src/runtime/mod.ts";
import {
  type Command,
  command,
  commandText,
  openDevice,
  OptionError,
  TaskError,
  type Values,
} from "../tasks/cli/mod.ts";
import { closestString } from "../src/closest_string.ts";
import { deviceSlug, machineHere } from "./machine.ts";
import { newResultPath, writeResult } from "./result_file.ts";
import { type Result, type Row, wrongRows } from "./result.ts";
import type { Bench, Opening, Suite } from "./suite.ts";
import { elementwise } from "./suites/elementwise.ts";
import { firstSteps } from "./suites/first.ts";
import { convolutions } from "./suites/fitnet_convolutions.ts";
import { lsuvCost } from "./suites/lsuv.ts";
import { matmuls } from "./suites/matmul.ts";
import { start } from "./suites/start.ts";
import { steps } from "./suites/steps.ts";
import { winograd } from "./suites/winograd.ts";
import { formatPeak, formatTable } from "./table.ts";

const SUITES = {
  matmul: matmuls,
  convolution: convolutions,
  winograd,
  elementwise,
  steps,
  lsuv: lsuvCost,
  start,
  first: firstSteps,
} as const satisfies Record<string, Suite>;
const NAMES = Object.keys(SUITES) as (keyof typeof SUITES)[];

const TABLE = {
  device: {
    kind: "choice",
    choices: DEVICES,
    default: "auto",
    help: "The device; auto is a hardware GPU, else the CPU.",
  },
  only: {
    kind: "text",
    value: "NAME,…",
    help: `The suites to measure, of ${NAMES.join(", ")}.`,
    otherwise: "all of them",
  },
  quick: { kind: "flag", default: false, help: "Measure small sizes only, each briefly." },
  seconds: {
    kind: "number",
    above: 0,
    help: "How long to repeat each measurement after warming up.",
    otherwise: "1; 0.1 with --quick",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "The JSON file of results. An existing file is replaced.",
    otherwise: "a new file bench/results/DATE-DEVICE.json",
  },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "With cpu: the number of threads.",
    otherwise: "as many as processors",
  },
  native: {
    kind: "flag",
    default: true,
    help: "With cpu: products in AVX-512 or AVX2 code where the processor has it.",
  },
  wide: {
    kind: "flag",
    default: false,
    help: "With cpu: code for V8's flag --experimental-wasm-revectorize, which must be set.",
  },
  profile: {
    kind: "flag",
    default: false,
    help: "Print a table of kernels below each training step.",
  },
} as const;

const BENCH: Command<typeof TABLE> = {
  name: "bench",
  table: TABLE,
  page: {
    command: "deno task bench",
    about:
      "measure a device: matrix products, convolutions, elementwise kernels, training steps, LSUV " +
      "and the start of a process, compared with the device's peak, and the errors against float64.",
    examples: [
      ["deno task bench --device cpu", "Everything on the CPU:"],
      ["deno task bench --quick --only matmul,steps", "A first look:"],
      [
        "deno task bench --device cpu --only winograd",
        "The measurements behind the choice of a convolution algorithm:",
      ],
    ],
    notes: [
      "The peak is measured in the same run, as multiply-adds in registers and as bandwidth of copying: " +
      "'of peak' and 'of copy' are relative to it. Operations are counted by the definition of the op, so " +
      "fast algorithms (Winograd) may exceed the peak, and values in a cache the bandwidth.",
      "For kernels 'ms' is by the device's own clock and 'whole call' by the host's; 'quartiles' are of " +
      "the repetitions. A training step is timed without any read in between.",
      "'error' is the largest difference from float64 relative to the root mean square, for the same work " +
      "that is timed: some elements of a product, the first and last image of a convolution. For a " +
      "training step it is the relative error of two losses at batch 2.",
      "'first' is the first training step of each net in a new process, without the start of the process: " +
      "tracing, planning, compiling and running it.",
      "A cold start has no compiled code, neither from V8 nor from the driver; a warm one is the third or " +
      "a later start of the same program.",
      "Exit codes: 0 done, 1 a result is wrong or something failed, 2 a wrong command line.",
    ],
  },
};

/** The suites that were asked for. Throws an {@linkcode OptionError} on an unknown name. */
export function chooseSuites(only: string | undefined): readonly (keyof typeof SUITES)[] {
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

/** Opens the device of the command line again. */
async function openAgain(
  options: OpenOptions,
  { profile = false, winograd }: Opening = {},
): Promise<Runtime> {
  if (winograd === undefined) return await openDevice({ ...options, profile });
  const { threads, wide, native } = options;
  const forced = { winograd, wide, ...(native === false && { native: undefined }) };
  return runtimeOn(openCpu(threads, forced, profile ? new Profiler() : undefined));
}

/** Measures suite after suite, and saves the results after each. */
async function measureSuites(
  names: ReturnType<typeof chooseSuites>,
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
    if (rows.length > 0) bench.print(formatTable(rows));
    all.push(...rows);
    await save(all);
  }
  return all;
}

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const { device, only, quick, seconds = quick ? 0.1 : 1, threads, wide, native, profile } = values;
  const names = chooseSuites(only), options = { device, threads, wide, native };
  await using run = await openAgain(options, { profile: true });
  const machine = await machineHere(), { description } = run;
  let { out } = values;
  const most = await run.peak();
  console.log(`${run.device}: ${description} | ${machine.machine}\n${formatPeak(most)}`);
  const save = async (rows: readonly Row[]) => {
    const result: Result = {
      ...machine,
      command: commandText(["deno", "task", "bench", ...args]),
      device: { name: run.device, description },
      ceilings: most,
      rows,
    };
    out ??= await newResultPath(`${machine.date}-${deviceSlug(run)}`);
    await writeResult(out, result);
  };
  const given: Bench = {
    quick,
    budget: 1000 * seconds,
    most,
    run,
    options: { ...options, device: run.device as OpenOptions["device"] },
    profile,
    print: (text) => console.log(`\n${text}`),
    open: (opening) => openAgain(options, opening),
  };
  const rows = await measureSuites(names, given, save);
  console.log(`\n${out}`);
  const wrong = wrongRows(rows);
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
