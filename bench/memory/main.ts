/**
 * Memory of ordinary training loops by step: allocated on the device and held by the process, over 2,000
 * steps of a net with one hidden layer: compiled with a read each step, compiled without a read, lazy, and
 * donating.
 *
 *     deno task bench:memory [--steps 2000] [--units 1000] [--batch 16] [--device cpu,webgpu]
 *
 * Prints a table and writes `bench/results/DATE-memory.json` and, with a network, `.svg`. Each loop runs in a
 * process of its own.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  drawFigure,
  type Figure,
  linearAxis,
  loadVega,
  type Panel,
} from "../../tasks/plots/mod.ts";
import { type Loop, type LoopResult, LOOPS, type Point, runLoop } from "./loops.ts";

const options = parseArgs(Deno.args, {
  string: ["steps", "units", "batch", "device", "one", "out"],
  default: {
    steps: "2000",
    units: "1000",
    batch: "16",
    device: "cpu,webgpu",
    out: new URL("../results", import.meta.url).pathname,
  },
});
const size = {
  steps: Number(options.steps),
  units: Number(options.units),
  batch: Number(options.batch),
};

/** Runs one loop in a process of its own. */
async function measureLoop(device: string, loop: Loop): Promise<LoopResult> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      import.meta.filename!,
      ...Deno.args,
      "--one",
      `${device}:${loop}`,
    ],
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${device}, ${loop}: expected a loop to end, found code ${code}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

type LoopResults = Readonly<Record<string, Readonly<Record<Loop, LoopResult>>>>;

function memoryFigure(all: LoopResults): Figure {
  const panels = Object.entries(all).flatMap(([device, loops]) =>
    (["device", "process"] as const).map((of): Panel => {
      const lines = LOOPS.map((name, color) => ({
        name,
        color,
        points: loops[name].points.map((point: Point) => ({ x: point.step, y: point[of] })),
      }));
      const points = lines.flatMap(({ points }) => points);
      return {
        title: of === "device" ? `${device}: allocated` : `${device}: the process`,
        x: linearAxis("steps", [0, ...points.map(({ x }) => x)], [0, Infinity]),
        y: linearAxis("MiB", [0, ...points.map(({ y }) => y)], [0, Infinity]),
        lines,
      };
    })
  );
  return {
    name: "memory",
    title: "Memory of ordinary training loops",
    caption:
      `${size.steps} steps of a net of ${size.units} hidden units, batches of ${size.batch}.`,
    panels,
  };
}

if (options.one) {
  const [device, loop] = options.one.split(":") as ["cpu", Loop];
  console.log(JSON.stringify(await runLoop(device, loop, size)));
} else {
  const all: Record<string, Record<Loop, LoopResult>> = {};
  console.log(
    "device  loop     ms per step   MiB allocated: peak, last   MiB of the process: peak, last",
  );
  for (const device of options.device.split(",")) {
    const loops: Partial<Record<Loop, LoopResult>> = {};
    for (const loop of LOOPS) {
      const result = loops[loop] = await measureLoop(device, loop);
      const cells = (["device", "process"] as const).map((of) => {
        const values = result.points.map((point) => point[of]);
        return `${Math.max(...values).toFixed(0).padStart(12)}${
          values.at(-1)!.toFixed(0).padStart(6)
        }`;
      });
      console.log(
        `${device.padEnd(8)}${loop.padEnd(9)}${result.ms.toFixed(2).padStart(11)}${
          cells.map((cell) => cell.padStart(28)).join("")
        }`,
      );
    }
    all[device] = loops as Record<Loop, LoopResult>;
  }
  const path = `${options.out}/${new Date().toISOString().slice(0, 10)}-memory`;
  await Deno.writeTextFile(`${path}.json`, JSON.stringify({ size, ...all }));
  try {
    await Deno.writeTextFile(
      `${path}.svg`,
      (await drawFigure(await loadVega(), memoryFigure(all))).svg,
    );
    console.log(`${path}.svg`);
  } catch (error) {
    console.log(`no figure: ${error instanceof Error ? error.message : error}`);
  }
}
