/**
 * `deno task bench:linearity`: whether time and memory grow linearly with batch and depth. See `--help`.
 *
 * @module
 */
import { MOST_THREADS } from "../../src/device/cpu/threads/most_threads.ts";
import {
  aligned,
  type Command,
  command,
  commandText,
  openDevice,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { splitPrefix } from "../child.ts";
import { drawInto } from "../figure_file.ts";
import { machineHere } from "../machine.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { digits } from "../table.ts";
import { type Growing, linearityFigure, QUANTITIES, type Series } from "./figure.ts";
import { type Fit, fitLine } from "./line.ts";
import { findLargest, type Largest, measureSetting, type Measuring, type Point } from "./points.ts";

const TABLE = {
  device: {
    kind: "choice",
    choices: ["all", "cpu", "webgpu"],
    default: "all",
    help: "The device; all is cpu, and webgpu where there is an adapter.",
  },
  quick: { kind: "flag", default: false, help: "Few small sizes, and no search for the largest." },
  largest: {
    kind: "flag",
    default: true,
    help: "Search for the largest batch and depth that fit, which takes minutes.",
  },
  seconds: {
    kind: "number",
    above: 0,
    default: 1,
    help: "How long to repeat steps at each size.",
  },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "With cpu: the number of threads.",
    otherwise: "as many as processors",
  },
  prefix: {
    kind: "text",
    value: "COMMAND",
    help: "A command to put before each measured process, such as 'taskset -c 0,1'.",
    otherwise: "none",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "The JSON file of results, with a figure beside it as .svg. Existing files are replaced.",
    otherwise: "new files bench/results/DATE-linearity.json and .svg",
  },
} as const;

const LINEARITY: Command<typeof TABLE> = {
  name: "bench:linearity",
  table: TABLE,
  page: {
    command: "deno task bench:linearity",
    about: "measure how time and memory of a training step grow with batch and depth, and the " +
      "largest batch and depth that fit.",
    examples: [
      ["deno task bench:linearity", "Batches of 1 to 512 images, 5 to 60 layers:"],
      ["deno task bench:linearity --quick --device cpu", "A first look:"],
    ],
    notes: [
      "Each size is measured in a process of its own. 'deviation' is the largest residual of the " +
      "least-squares line, relative to the largest value.",
      "The largest sizes are found by doubling until the device is out of memory, to within a quarter.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

const DEPTH = 10, BATCH = 32;
const SIZES: Readonly<Record<Growing, readonly number[]>> = {
  batch: [1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384, 512],
  depth: [5, 10, 20, 30, 40, 50, 60],
};
const QUICK: typeof SIZES = { batch: [1, 4, 8], depth: [2, 4, 6] };
/** The largest that are tried. */
const MOST: Readonly<Record<Growing, number>> = { batch: 16_384, depth: 480 };

const createSetting = (device: string, along: Growing, size: number) => ({
  device,
  depth: along === "depth" ? size : DEPTH,
  batch: along === "batch" ? size : BATCH,
});

async function measureSeries(device: string, sizes: typeof SIZES, how: Measuring): Promise<Series> {
  const along = async (growing: Growing): Promise<Point[]> => {
    const points: Point[] = [];
    for (const size of sizes[growing]) {
      const place = createSetting(device, growing, size),
        outcome = await measureSetting(place, how);
      if ("full" in outcome) throw new TaskError(outcome.full);
      points.push({ ...place, ...outcome });
    }
    return points;
  };
  return { batch: await along("batch"), depth: await along("depth") };
}

/** The line through every quantity. */
function fitSeries(series: Series): Record<string, Fit> {
  return Object.fromEntries(
    Object.entries(series).flatMap(([along, points]) =>
      Object.entries(QUANTITIES).flatMap(([quantity, of]) => {
        const known = points.flatMap((point) => {
          const y = of(point);
          return y === undefined ? [] : [[point[along as Growing], y] as const];
        });
        return known.length > 1 ? [[`${quantity} by ${along}`, fitLine(known)] as const] : [];
      })
    ),
  );
}

/** The largest batch and the largest depth that fit. */
async function largestSizes(device: string, how: Measuring): Promise<Record<Growing, Largest>> {
  const once = { ...how, seconds: 0.001 };
  const of = (along: Growing) =>
    findLargest(
      SIZES[along].at(-1)!,
      MOST[along],
      (size) => measureSetting(createSetting(device, along, size), once),
    );
  return { batch: await of("batch"), depth: await of("depth") };
}

const fitLines = (device: string, fits: Readonly<Record<string, Fit>>): string =>
  aligned([
    [device, "slope", "intercept", "R²", "deviation"],
    ...Object.entries(fits).map(([name, { slope, intercept, r2, deviation }]) => [
      name,
      digits(slope),
      digits(intercept),
      r2.toFixed(5),
      `${digits(100 * deviation)} %`,
    ]),
  ]).join("\n");

const largestLine = (along: string, { fits, bytes, beyond }: Largest): string =>
  `largest ${along}: ${beyond ? "" : "at least "}${fits}` +
  (bytes ? `, ${digits(bytes / 2 ** 20)} MiB` : "") +
  (beyond ? `; at ${beyond.size}: ${beyond.message}` : "");

async function chooseDevices(device: "all" | "cpu" | "webgpu"): Promise<readonly string[]> {
  if (device !== "all") return [device];
  try {
    await using _ = await openDevice({ device: "webgpu" });
    return ["cpu", "webgpu"];
  } catch (error) {
    console.error(`bench:linearity: webgpu left out: ${(error as Error).message}`);
    return ["cpu"];
  }
}

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const { quick, seconds, threads, prefix } = values;
  const how = { seconds, threads, prefix: splitPrefix(prefix) };
  const machine = await machineHere(), all: Record<string, Series> = {};
  let { out } = values;
  const devices: Record<string, unknown> = {};
  const command = commandText(["deno", "task", "bench:linearity", ...args]);
  console.log(machine.machine);
  for (const device of await chooseDevices(values.device)) {
    all[device] = await measureSeries(device, quick ? QUICK : SIZES, how);
    const fits = fitSeries(all[device]);
    console.log(`\n${fitLines(device, fits)}`);
    const largest = quick || !values.largest ? undefined : await largestSizes(device, how);
    for (const [along, found] of Object.entries(largest ?? {})) {
      console.log(largestLine(along, found));
    }
    devices[device] = { ...all[device], fits, largest };
    out ??= await newResultPath(`${machine.date}-linearity`);
    await writeResult(out, { ...machine, command, devices });
  }
  if (out === undefined) return;
  console.log(`\n${out}`);
  const figure = linearityFigure("linearity", all);
  await drawInto(out.replace(/(\.json)?$/, ".svg"), figure, "bench:linearity");
}

/** Runs the task; returns the exit code. */
export const linearity = (args: readonly string[]): Promise<number> =>
  command(LINEARITY, args, ({ values }) => work(values, args));

if (import.meta.main) Deno.exit(await linearity(Deno.args));
