/**
 * `deno task bench:ops`: ops of the CPU device beside PyTorch's, one by one. See `--help`.
 *
 * @module
 */
import { MOST_THREADS } from "../../src/device/cpu/threads/most_threads.ts";
import type { Peak } from "../../src/device/profile.ts";
import {
  type Command,
  command,
  commandText,
  denoRun,
  OptionError,
  programFromCaller,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { writeAtomically } from "../../src/train/write_atomically.ts";
import { machineHere } from "../machine.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { digits, formatPeak } from "../table.ts";
import { findTorch } from "../torch.ts";
import { type Case, CASES, GROUPS, QUICK } from "./cases/mod.ts";
import { ratioFigure } from "./figure.ts";
import { Peer } from "./peer.ts";
import type { Answer, Request } from "./request.ts";
import { resultError } from "./results.ts";
import {
  OF_PYTORCH,
  type Row,
  rowName,
  rowsOf,
  summarize,
  type Summary,
  wrongRows,
} from "./row.ts";
import { summaryText, tableHead, tableLine } from "./table.ts";

const TABLE = {
  only: {
    kind: "text",
    value: "TEXT,…",
    help:
      "Ops whose name contains one of these, or that are of such a kind or group, such as softmax.",
    otherwise: "all of them; one of each group with --quick",
  },
  rounds: { kind: "integer", from: 1, default: 3, help: "How often each op is measured, in turn." },
  seconds: {
    kind: "number",
    above: 0,
    default: 0.1,
    help: "How long each direction of an op is repeated, in each layout and round.",
  },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "The number of threads of both.",
    otherwise: "as many as processors",
  },
  fast: {
    kind: "flag",
    default: false,
    help: "With V8's flags for 256-bit vectors and without its bounds checks, and code for them.",
  },
  native: {
    kind: "flag",
    default: true,
    help: "Machine code of our own for products; --no-native leaves WebAssembly alone.",
  },
  quick: { kind: "flag", default: false, help: "One op of each group, one round." },
  list: { kind: "flag", default: false, help: "Print the names of the ops, and measure nothing." },
  python: {
    kind: "text",
    value: "COMMAND",
    help: "A Python that has torch.",
    otherwise: "python3 or /usr/bin/python3",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "The JSON file of results, with a picture beside it. An existing file is replaced.",
    otherwise: "a new file bench/results/DATE-ops-MODE.json; none with --only or --quick",
  },
} as const;

const OPS: Command<typeof TABLE> = {
  name: "bench:ops",
  table: TABLE,
  page: {
    command: "deno task bench:ops",
    about:
      "measure ops of the CPU device beside PyTorch's, in turn and on the same numbers: convolutions, " +
      "products, pooling, normalization, reductions, elementwise ops and updates, forward and gradients.",
    examples: [
      ["deno task bench:ops", "Everything, about a quarter of an hour:"],
      ["deno task bench:ops --only depthwise,softmax --threads 1", "A part, on one thread:"],
      ["deno task bench:ops --only conv1d --fast --seconds 0.3", "A kind in the fast mode:"],
    ],
    notes: [
      "'ratio' is PyTorch's best time, in its faster layout, over ours: above 1 is faster than PyTorch. " +
      "Layouts are channels last and contiguous, for a dense layer a product and a 1×1 convolution, for an " +
      "update parameters one by one and together.",
      "'with gradient' is what a training step computes of an op: the result and the gradients of all " +
      "inputs, as PyTorch's backward() leaves them in parameters. Rates count a product's operations, else the bytes of inputs and results once.",
      "'bar' is what a row clears: 0.9 of PyTorch's speed, or 85 % of the peak of multiply-adds or of the " +
      "bandwidth of copying, measured in the same run; else it is short.",
      "PyTorch's products are as fast as its BLAS, which the first line names: Debian's reference libblas is " +
      "many times slower than OpenBLAS (apt-get install libopenblas0-pthread, or its folder in " +
      "LD_LIBRARY_PATH).",
      "Results must agree with PyTorch's to 1e-3 of their root mean square.",
      "Exit codes: 0 done, 1 a result is wrong or something failed, 2 a wrong command line.",
    ],
  },
};

/** The cases that were asked for. Throws an {@linkcode OptionError} where there are none. */
export function chooseCases(only: string | undefined, quick: boolean): readonly Case[] {
  if (only === undefined) return quick ? QUICK : CASES;
  const parts = only.toLowerCase().split(",").map((part) => part.trim()).filter(Boolean);
  const groups = Object.entries<readonly Case[]>(GROUPS);
  const found = groups.flatMap(([group, cases]) =>
    cases.filter(({ name, kind }) =>
      parts.some((part) =>
        name.toLowerCase().includes(part) || kind.toLowerCase() === part || group === part
      )
    )
  );
  if (found.length > 0) return found;
  throw new OptionError(
    `--only: expected part of a name (--list), a kind or one of ${
      Object.keys(GROUPS).join(", ")
    }, found ${only}`,
  );
}

const FAST_FLAGS = "--experimental-wasm-revectorize,--no-wasm-bounds-checks";
const here = (path: string) => new URL(path, import.meta.url).pathname;

/** How both programs are started and asked. */
interface Setup {
  readonly threads: number;
  readonly fast: boolean;
  readonly native: boolean;
  readonly python: string;
}

function startPrograms({ threads, fast, native, python }: Setup): Record<"ours" | "pytorch", Peer> {
  const flags = ["--expose-gc", ...(fast ? [FAST_FLAGS] : [])].join();
  const options = JSON.stringify({ device: "cpu", threads, wide: fast, native });
  const run = denoRun("measure", `--v8-flags=${flags}`);
  return {
    ours: new Peer("goodinit", [...run, here("goodinit.ts"), options]),
    pytorch: new Peer("PyTorch", [python, here("torch_ops.py"), `${threads}`]),
  };
}

const figureText = ({ rows, geometricMean }: Summary, version: string, fast: boolean) => ({
  title: `Ops on the CPU beside ${version}${fast ? ", fast mode" : ""}`,
  caption:
    `${rows} ratios of PyTorch's best time to ours, geometric mean ${digits(geometricMean)}; ` +
    `right is faster. Open: near the machine's peak. Dashed: ${OF_PYTORCH}. Bold: neither.`,
});

/** Measures a case in both programs, round after round; the first round compares their results. */
async function measureCase(
  each: Case,
  { ours, pytorch }: ReturnType<typeof startPrograms>,
  { rounds, seconds, peak }: { rounds: number; seconds: number; peak: Peak },
): Promise<Row[]> {
  const answers = { ours: [] as Answer[], pytorch: [] as Answer[] };
  const errors: Record<string, number> = {}, folder = await Deno.makeTempDir();
  try {
    for (let round = 0; round < rounds; round++) {
      const request: Request = { case: each, seconds, results: round === 0 ? folder : undefined };
      answers.ours.push(await ours.ask(request) as Answer);
      answers.pytorch.push(await pytorch.ask(request) as Answer);
    }
    for (const direction of Object.keys(answers.ours[0]!)) {
      errors[direction] = await resultError(folder, each.kind, direction);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return rowsOf(each, { ...answers, errors }, peak);
}

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const { only, quick, seconds, fast, native } = values, cases = chooseCases(only, quick);
  if (values.list) return console.log(cases.map(({ name }) => name).join("\n"));
  const { threads = navigator.hardwareConcurrency } = values, rounds = quick ? 1 : values.rounds;
  const python = await findTorch(values.python && programFromCaller(values.python));
  const machine = await machineHere(), programs = startPrograms({ threads, fast, native, python });
  await using ours = programs.ours;
  await using pytorch = programs.pytorch;
  const { description, peak } = await ours.hear() as { description: string; peak: Peak };
  const { description: version } = await pytorch.hear() as { description: string };
  console.log(`${description} and ${version} | ${machine.machine}\n${formatPeak(peak)}\n`);
  console.log(tableHead());
  const rows: Row[] = [];
  for (const each of cases) {
    const measured = await measureCase(each, programs, { rounds, seconds, peak });
    for (const row of measured) console.log(tableLine(row));
    rows.push(...measured);
  }
  const summary = summarize(rows);
  console.log(`\n${summaryText(summary, rows)}`);
  const mode = [
    ...(fast ? ["fast"] : []),
    ...(native ? [] : ["wasm"]),
    `${threads}`,
  ].join("-");
  const out = values.out ??
    (only !== undefined || quick ? undefined : await newResultPath(`${machine.date}-ops-${mode}`));
  if (out !== undefined) {
    await writeResult(out, {
      ...machine,
      command: commandText(["deno", "task", "bench:ops", ...args]),
      device: { name: "cpu", description },
      pytorch: version,
      settings: { threads, rounds, seconds, fast, native },
      ceilings: peak,
      summary,
      rows,
    });
    const picture = out.replace(/(\.json)?$/, ".svg");
    await writeAtomically(picture, ratioFigure(rows, figureText(summary, version, fast)));
    console.log(`\n${out}\n${picture}`);
  }
  const wrong = wrongRows(rows);
  if (wrong.length === 0) return;
  throw new TaskError(
    `expected PyTorch's results, found ${wrong.length} that differ: ` +
      wrong.map((row) => `${rowName(row)} by ${row.error}`).join("; "),
  );
}

/** Runs the task; returns the exit code. */
export const ops = (args: readonly string[]): Promise<number> =>
  command(OPS, args, ({ values }) => work(values, args));

if (import.meta.main) Deno.exit(await ops(Deno.args));
