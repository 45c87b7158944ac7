/**
 * Marks of memory, and of how time and memory grow, from the files of bench/results.
 *
 * @module
 */
import { capitalize, fixed } from "../../tasks/cli/format.ts";
import { plainTable } from "../../tasks/report/document.ts";
import { blockMarkdown } from "../../tasks/report/markdown.ts";
import { list, measured, object, record } from "../../tasks/schema/schema.ts";
import { readBench } from "./bench_file.ts";
import type { Directive } from "./fill.ts";

/** The memory of a loop at some steps, in MiB. */
interface Loop {
  readonly points: readonly { readonly device: number; readonly process: number }[];
}

const LOOPS = record(
  object<Loop>({
    points: list(object<Loop["points"][number]>({ device: measured, process: measured })),
  }),
);

/** A file of `deno task bench:memory`: loops by name, of two devices. */
const MEMORY = object({ cpu: LOOPS, webgpu: LOOPS });

/** The memory of loops, a line each. */
async function memoryTable(file: string): Promise<string> {
  const { cpu, webgpu } = await readBench(file, MEMORY);
  const lines = Object.entries({ cpu, webgpu }).flatMap(([device, loops]) =>
    Object.entries(loops).map(([name, { points }]) => {
      const most = (of: "device" | "process") => Math.max(...points.map((point) => point[of]));
      const numbers = [most("device"), points.at(-1)?.device ?? NaN, most("process")];
      return [device, name, ...numbers.map((value) => fixed(value, 0))];
    })
  );
  return blockMarkdown(plainTable(
    `Memory in MiB: bench/results/${file}.json.`,
    ["device", "loop", "allocated, peak", "after the last step", "process, peak"],
    lines,
    [2, 3, 4],
  ));
}

/** A line that was fitted to sizes. */
interface Fit {
  readonly slope: number;
  readonly r2: number;
  readonly deviation: number;
}

const FITS = object<{ readonly fits: Readonly<Record<string, Fit>> }>({
  fits: record(object<Fit>({ slope: measured, r2: measured, deviation: measured })),
});

/** A file of `deno task bench:linearity`. */
const LINEARITY = object({ devices: object({ cpu: FITS, webgpu: FITS }) });

/** Quantities in words, their unit, and how many of it one of the file's is. */
const QUANTITIES: Readonly<Record<string, readonly [words: string, unit: string, of: number]>> = {
  seconds: ["time", "ms", 1000],
  deviceMiB: ["device memory", "MiB", 1],
  processMiB: ["process", "MiB", 1],
};

/** The lines of time and memory by batch and depth. */
async function linearityTable(file: string): Promise<string> {
  const { devices } = await readBench(file, LINEARITY), names = ["cpu", "webgpu"] as const;
  const lines = Object.keys(devices.cpu.fits).map((name) => {
    const [quantity = "", along] = name.split(" by ");
    const [words, unit, of] = QUANTITIES[quantity] ?? [quantity, "", 1];
    return [
      `${capitalize(words)} by ${along}`,
      ...names.flatMap((device) => {
        const { slope, r2, deviation } = devices[device].fits[name]!;
        return [`${fixed(of * slope, 2)} ${unit}`, fixed(r2, 4), `${fixed(100 * deviation, 1)} %`];
      }),
    ];
  });
  return blockMarkdown(plainTable(
    "Least-squares lines: slope, R², and the largest residual relative to the largest value: " +
      `bench/results/${file}.json.`,
    ["", ...names.flatMap((device) => [`${device}: slope`, "R²", "residual"])],
    lines,
    [1, 2, 3, 4, 5, 6],
  ));
}

/** The marks of memory and growth. */
export const memoryMarks: Readonly<Record<string, Directive>> = {
  memory: (file = "") => memoryTable(file),
  linearity: (file = "") => linearityTable(file),
};
