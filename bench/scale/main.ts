/**
 * `deno task bench:scale`: what training by several processes gains. See `--help`.
 *
 * @module
 */
import {
  aligned,
  type Command,
  command,
  commandText,
  OptionError,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { NoFiguresError } from "../../tasks/plots/mod.ts";
import { splitPrefix } from "../child.ts";
import { machineHere } from "../machine.ts";
import { type NetName, NETS } from "../nets/mod.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { writeDocument } from "./document.ts";
import { openHosts, parseRate, type Rate } from "./hosts.ts";
import { measureAllSums, measureHosts, measureNet, type Measuring } from "./measure.ts";
import { readResult } from "./read_result.ts";
import type { Case, NetResult, ScaleResult } from "./result.ts";
import { allTables } from "./tables.ts";

const TABLE = {
  nets: {
    kind: "text",
    value: "NAME-BATCH,…",
    default: "fitnet4-128,fitnet1-128,fitnetMnist-64,resnet20-64,nin-128",
    help: "The nets of bench/nets, each with the batch of all processes.",
  },
  processes: {
    kind: "text",
    value: "N,…",
    default: "2,4,8",
    help: "How many processes are measured here, one thread each.",
  },
  rate: {
    kind: "text",
    value: "RATE",
    help:
      "Also measure two hosts of one process each with a link of this rate, such as 1gbit, in " +
      "network namespaces of this machine, which only root may make.",
    otherwise: "no hosts",
  },
  "host-nets": {
    kind: "text",
    value: "NAME-BATCH,…",
    help: "The nets that two hosts train, some of --nets.",
    otherwise: "the first three",
  },
  mpirun: {
    kind: "text",
    value: "COMMAND",
    default: "mpirun",
    help: "The launcher, with options of its own.",
  },
  seconds: { kind: "number", above: 0, default: 2, help: "How long to repeat steps at each size." },
  document: {
    kind: "flag",
    default: false,
    help: "Write the tables and the figure of docs/scale.md.",
  },
  from: {
    kind: "path",
    value: "FILE",
    help: "A JSON file of results to show instead of measuring.",
    otherwise: "measure",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "The JSON file of results. An existing file is replaced.",
    otherwise: "a new file bench/results/DATE-scale.json",
  },
} as const;

const SCALE: Command<typeof TABLE> = {
  name: "bench:scale",
  table: TABLE,
  page: {
    command: "deno task bench:scale",
    about: "measure training by several processes of this machine over MPI, and compute from one " +
      "process's steps what 2 to 64 gain on other networks.",
    examples: [
      ["deno task bench:scale", "Five nets, two to eight processes:"],
      ["deno task bench:scale --nets fitnet1-128 --processes 2", "A first look:"],
      ["deno task bench:scale --rate 1gbit --document", "All of docs/scale.md, as root:"],
    ],
    notes: [
      "The step of one process is a line through those of a batch, a half and a quarter; a sum over " +
      "processes takes the time of the better of recursive doubling and a ring. The model's " +
      "efficiency is what that says of this machine, whose processors are shared where there are " +
      "more processes, and whose memory is, as two processes show that do not communicate.",
      "Between hosts, parts of the gradients are summed while others are computed, by the model as " +
      "if that took no time of the processors.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

function parseCase(name: string): Case {
  const [, net = "", batch = ""] = name.trim().match(/^(\w+)-(\d+)$/) ?? [];
  if (net in NETS && Number(batch) >= 4) {
    return { name: name.trim(), net: net as NetName, batch: Number(batch) };
  }
  throw new OptionError(
    `--nets: expected names of ${
      Object.keys(NETS).join(", ")
    } with a batch, as fitnet1-128, found ${name}`,
  );
}

function parseProcesses(text: string): readonly number[] {
  return text.split(",").map((each) => {
    const n = Number(each);
    if (Number.isInteger(n) && n >= 2 && n <= 64) return n;
    throw new OptionError(`--processes: expected integers from 2 to 64, found ${each}`);
  });
}

/** The nets that hosts train. */
function parseHostNets(text: string | undefined, cases: readonly Case[]): readonly string[] {
  if (text === undefined) return cases.slice(0, 3).map(({ name }) => name);
  return text.split(",").map((each) => {
    const found = cases.find(({ name }) => name === each.trim());
    if (found) return found.name;
    throw new OptionError(
      `--host-nets: expected some of ${cases.map(({ name }) => name).join(", ")}, found ${each}`,
    );
  });
}

/** What the command line asks to measure. */
interface Asked extends Measuring {
  readonly cases: readonly Case[];
  readonly rate: Rate | undefined;
  readonly hostNets: readonly string[];
}

function parse(values: Values<typeof TABLE>): Asked {
  const cases = values.nets.split(",").map(parseCase);
  return {
    cases,
    counts: parseProcesses(values.processes),
    rate: values.rate === undefined ? undefined : parseRate(values.rate),
    hostNets: parseHostNets(values["host-nets"], cases),
    launcher: { command: splitPrefix(values.mpirun), env: {} },
    seconds: values.seconds,
    processors: navigator.hardwareConcurrency,
  };
}

/** Measures all that is asked for. */
async function measure(what: Asked, args: readonly string[]): Promise<ScaleResult> {
  const { cases, rate, launcher, seconds, processors, hostNets } = what;
  // What cannot be measured is refused before what takes minutes.
  if (rate) await (await openHosts(rate, launcher.command))[Symbol.asyncDispose]();
  const machine = await machineHere(), sums = await measureAllSums(what);
  const networkFor = (n: number) => sums.find(({ processes }) => processes === n)!.network;
  const nets: NetResult[] = [];
  for (const each of cases) {
    console.error(`bench:scale: ${each.name}`);
    nets.push(await measureNet(each, what, networkFor));
  }
  const chosen = nets.filter(({ name }) => hostNets.includes(name));
  const hosts = rate && await measureHosts(rate, launcher.command, chosen, seconds);
  // Where results are written is no part of what was measured.
  const asked = args.filter((word, i) => !/^--out\b/.test(word) && args[i - 1] !== "--out");
  const command = commandText(["deno", "task", "bench:scale", ...asked]);
  return { ...machine, command, processors, sums, nets, hosts };
}

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const result = values.from ? await readResult(values.from) : await measure(parse(values), args);
  if (!values.from) {
    const path = values.out ?? await newResultPath(`${result.date}-scale`);
    await writeResult(path, result);
    console.log(path);
  }
  for (const { title, head, rows } of allTables(result)) {
    console.log(`\n${title}\n${aligned([head, ...rows].map((cells) => [...cells])).join("\n")}`);
  }
  if (!values.document) return;
  try {
    await writeDocument(result);
  } catch (error) {
    if (!(error instanceof NoFiguresError)) throw error;
    throw new TaskError(`--document: ${error.message}`);
  }
}

/** Runs the task; returns the exit code. */
export const scale = (args: readonly string[]): Promise<number> =>
  command(SCALE, args, ({ values }) => work(values, args));

if (import.meta.main) Deno.exit(await scale(Deno.args));
