/**
 * `deno task bench:memory`: memory of ordinary training loops by step, allocated on the device and held by
 * the process. See `--help`.
 *
 * @module
 */
import {
  type Command,
  command,
  denoRun,
  NO_LOADER,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { drawFigure, loadVega } from "../../tasks/plots/mod.ts";
import { chooseDevices, DEVICE_LIST } from "../devices.ts";
import { type LoopResults, memoryFigure } from "./figure.ts";
import { type Loop, type LoopResult, LOOPS, type Size } from "./loops.ts";

const TABLE = {
  steps: { kind: "integer", from: 1, default: 2000, help: "Training steps of each loop." },
  units: { kind: "integer", from: 1, default: 1000, help: "Units of the hidden layer." },
  batch: { kind: "integer", from: 1, default: 16, help: "Examples in a batch." },
  device: {
    kind: "text",
    value: "NAME,…",
    default: DEVICE_LIST.join(","),
    help: "The devices to measure.",
  },
  out: {
    kind: "path",
    value: "DIR",
    help: "The folder of DATE-memory.json and DATE-memory.svg. Existing files are replaced.",
    otherwise: "bench/results",
  },
} as const;

const MEMORY: Command<typeof TABLE> = {
  name: "bench:memory",
  table: TABLE,
  page: {
    command: "deno task bench:memory",
    about:
      "measure the memory of ordinary training loops by step: allocated on the device and held " +
      "by the process.",
    examples: [
      ["deno task bench:memory", "Every loop on both devices:"],
      ["deno task bench:memory --device cpu --steps 200", "A first look:"],
    ],
    notes: [
      "The net has one hidden layer. Its step runs compiled with a read after each, compiled without a " +
      "read, lazy, and donating its carry to the next step; each loop in a process of its own.",
      "The figure is drawn by Vega-Lite, fetched from npm at first use; without it there is none.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** Runs one loop in a process of its own. */
async function measureLoop(device: string, loop: Loop, size: Size): Promise<LoopResult> {
  const program = new URL("one.ts", import.meta.url).pathname;
  const [deno, ...args] = denoRun("measure", program, JSON.stringify({ device, loop, size }));
  const { code, stdout } = await new Deno.Command(deno!, {
    args,
    env: NO_LOADER,
    stderr: "inherit",
  }).output();
  if (code === 0) return JSON.parse(new TextDecoder().decode(stdout));
  throw new TaskError(`${device}, ${loop}: expected a loop to end, found exit code ${code}`);
}

const HEAD =
  "device  loop     ms per step   MiB allocated: peak, last   MiB of the process: peak, last";

function formatRow(device: string, loop: Loop, { ms, points }: LoopResult): string {
  const cells = (["device", "process"] as const).map((of) => {
    const values = points.map((point) => point[of]);
    const [peak, last] = [Math.max(...values), values.at(-1)!].map((each) => each.toFixed(0));
    return `${peak!.padStart(12)}${last!.padStart(6)}`.padStart(28);
  });
  return device.padEnd(8) + loop.padEnd(9) + ms.toFixed(2).padStart(11) + cells.join("");
}

async function measureAll(devices: readonly string[], size: Size): Promise<LoopResults> {
  const all: Record<string, Record<Loop, LoopResult>> = {};
  console.log(HEAD);
  for (const device of devices) {
    const loops: Partial<Record<Loop, LoopResult>> = {};
    for (const loop of LOOPS) {
      const result = loops[loop] = await measureLoop(device, loop, size);
      console.log(formatRow(device, loop, result));
    }
    all[device] = loops as Record<Loop, LoopResult>;
  }
  return all;
}

async function drawInto(path: string, all: LoopResults, size: Size): Promise<void> {
  try {
    const { svg } = await drawFigure(await loadVega(), memoryFigure(all, size));
    await Deno.writeTextFile(path, svg);
    console.log(path);
  } catch (error) {
    console.log(`no figure: ${error instanceof Error ? error.message : error}`);
  }
}

async function work({ steps, units, batch, device, out }: Values<typeof TABLE>): Promise<void> {
  const size = { steps, units, batch }, all = await measureAll(chooseDevices(device), size);
  const folder = out ?? new URL("../results", import.meta.url).pathname;
  const path = `${folder}/${new Date().toISOString().slice(0, 10)}-memory`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${path}.json`, JSON.stringify({ size, ...all }));
  await drawInto(`${path}.svg`, all, size);
}

if (import.meta.main) Deno.exit(await command(MEMORY, Deno.args, ({ values }) => work(values)));
