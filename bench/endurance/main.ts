/**
 * `deno task endurance`: what processes hold while they do for long what programs do. See `--help`.
 *
 * @module
 */
import { whyNoWebGpu } from "../../src/device/webgpu/adapter.ts";
import { writeAtomically } from "../../src/train/write_atomically.ts";
import {
  aligned,
  type Command,
  command,
  denoRun,
  EXIT,
  OptionError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { drawFigure, loadVega } from "../../tasks/plots/mod.ts";
import { childRows } from "../child.ts";
import { machineHere } from "../machine.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { enduranceFigure, type Watched } from "./figure.ts";
import { LOOPS } from "./loops.ts";
import { reloads } from "./page.ts";
import type { Sample } from "./sample.ts";
import { BOUNDS, judge, type Verdict } from "./verdict.ts";

/** The loop in another process, which is watched from here. */
const PAGE = { name: "page", rounds: 1000, what: "reloads of the page" };

/** All loops, with their rounds at full length. */
const ALL: readonly { name: string; rounds: number; what: string }[] = [
  ...Object.entries(LOOPS).map(([name, { rounds, what }]) => ({ name, rounds, what })),
  PAGE,
];

const TABLE = {
  share: {
    kind: "number",
    above: 0,
    to: 10,
    default: 1,
    help: "The share of the rounds that are run.",
  },
  only: { kind: "text", value: "NAME,…", help: "The loops to run.", otherwise: "all" },
  out: {
    kind: "path",
    value: "FILE",
    help: "The file of the results; the figure is beside it.",
    otherwise: "a new one in bench/results",
  },
} as const;

const ENDURANCE: Command<typeof TABLE> = {
  name: "endurance",
  table: TABLE,
  page: {
    command: "deno task endurance",
    about: "run for long what programs do, and check that they hold no more at the end.",
    examples: [
      ["deno task endurance", "All loops, five minutes to half an hour:"],
      ["deno task endurance --share 0.01 --only reads,shapes", "A first look:"],
    ],
    notes: [
      `Loops: ${ALL.map(({ name, rounds, what }) => `${name} (${rounds} ${what})`).join(", ")}. ` +
      "Each runs in a process of its own; those of webgpu are left out where there is no adapter.",
      "The mean of nothing may grow from the rounds between 40 and 70 % to the last 30 % by more " +
      "than " + Object.entries(BOUNDS).map(([name, bound]) => `${name} ${bound}`).join(", ") +
      " (MiB of memory, and numbers). Garbage is not collected on purpose: tensors that are forgotten keep " +
      "their buffers until there are some thousands.",
      "Threads and files are counted on Linux. The figure is drawn by Vega-Lite, fetched from npm at first " +
      "use; without it there is none.",
      "Exit codes: 0 nothing grows, 1 something does or failed, 2 a wrong command line.",
    ],
  },
};

/** Samples of a loop in another process. */
const SAMPLES = 100;

async function watch(name: string, rounds: number): Promise<readonly Sample[]> {
  if (name === PAGE.name) return await reloads(rounds, SAMPLES);
  const program = new URL("one.ts", import.meta.url).pathname;
  return await childRows(denoRun("measure", program, name, `${rounds}`)) as unknown as Sample[];
}

/** The loops that are asked for; throws an {@linkcode OptionError} on an unknown one. */
function chosen(only: string | undefined): typeof ALL {
  if (only === undefined) return ALL;
  return only.split(",").map((name) => {
    const found = ALL.find((each) => each.name === name.trim());
    if (found) return found;
    const names = ALL.map((each) => each.name).join(", ");
    throw new OptionError(`--only: expected some of ${names}, found ${name}`);
  });
}

const HEAD = ["loop", "rounds", "quantity", "last", "growth", "bound", ""];

const rowsOf = (name: string, rounds: number, verdicts: readonly Verdict[]): string[][] =>
  verdicts.map(({ quantity, last, growth, bound, holds }) => [
    name,
    `${rounds}`,
    quantity,
    last.toFixed(0),
    growth.toFixed(2),
    `${bound}`,
    holds ? "" : "GROWS",
  ]);

/** Draws the figure beside the results; without Vega a line says why there is none. */
async function draw(path: string, all: readonly Watched[]): Promise<void> {
  try {
    const { svg } = await drawFigure(await loadVega(), enduranceFigure(all));
    await writeAtomically(path, svg);
    console.log(path);
  } catch (error) {
    console.log(`no figure: ${error instanceof Error ? error.message : error}`);
  }
}

async function work({ share, only, out }: Values<typeof TABLE>): Promise<number> {
  const machine = await machineHere(), without = await whyNoWebGpu();
  const all: (Watched & { rounds: number; seconds: number; verdicts: readonly Verdict[] })[] = [];
  for (const { name, rounds: full, what } of chosen(only)) {
    if (LOOPS[name]?.device === "webgpu" && without !== undefined) {
      console.log(`${name}: left out. ${without}`);
      continue;
    }
    const rounds = Math.max(10, Math.round(share * full)), from = performance.now();
    const samples = await watch(name, rounds), verdicts = judge(samples);
    const seconds = Math.round((performance.now() - from) / 1000);
    all.push({ name, what, rounds, seconds, samples, verdicts });
    console.log(aligned([HEAD, ...rowsOf(name, rounds, verdicts)]).join("\n") + "\n");
  }
  const path = out ?? await newResultPath(`${machine.date}-endurance`);
  await writeResult(path, { ...machine, bounds: BOUNDS, loops: all });
  console.log(path);
  await draw(path.replace(/(\.json)?$/, ".svg"), all);
  const growing = all.filter(({ verdicts }) => verdicts.some(({ holds }) => !holds));
  console.log(
    growing.length === 0 ? "nothing grows" : `grows: ${growing.map(({ name }) => name).join(", ")}`,
  );
  return growing.length === 0 ? EXIT.done : EXIT.failed;
}

if (import.meta.main) Deno.exit(await command(ENDURANCE, Deno.args, ({ values }) => work(values)));
