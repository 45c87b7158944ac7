/**
 * `deno task bench:scale`: what training by several processes gains. See `--help`.
 *
 * @module
 */
import { aligned, type Command, command, OptionError, type Values } from "../../tasks/cli/mod.ts";
import { splitPrefix } from "../child.ts";
import { machineHere } from "../machine.ts";
import { type NetName, NETS } from "../nets/mod.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { digits } from "../table.ts";
import { efficiency, fitStep, mostProcesses, type StepModel } from "./efficiency.ts";
import { measureBy } from "./launch.ts";
import { fitNetwork, type MeasuredSum, type Network, NETWORKS } from "./network.ts";
import type { Answer } from "./rank.ts";

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
  mpirun: {
    kind: "text",
    value: "COMMAND",
    default: "mpirun",
    help: "The launcher, with options of its own.",
  },
  seconds: { kind: "number", above: 0, default: 2, help: "How long to repeat steps at each size." },
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
    ],
    notes: [
      "The step of one process is a line through those of a batch, a half and a quarter; a sum over " +
      "processes takes the time of the better of recursive doubling and a ring. 'predicted' is what " +
      "that says of this machine, whose processors are shared where there are more processes.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** A net and a batch. */
interface Case {
  readonly name: string;
  readonly net: NetName;
  readonly batch: number;
}

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

/** Bytes of sums: from one float to the gradients of a large net. */
const SIZES = [4, 4096, 65_536, 1 << 20, 1 << 22, 1 << 24] as const;

/** A step of several processes: what was measured, and what the model says. */
interface Measured {
  readonly processes: number;
  readonly ms: number;
  readonly sumMs: number;
  /** Of the time that they would take if they shared the work of one, on as many processors as there are. */
  readonly efficiency: number;
  readonly predicted: number;
}

const steps = (answer: Answer) => answer as Extract<Answer, { kind: "steps" }>;

/** Measures the steps of a net, by one process and by several. */
async function measureNet(
  { net, batch }: Case,
  { launcher, counts, seconds, networks, processors }: {
    readonly launcher: readonly string[];
    readonly counts: readonly number[];
    readonly seconds: number;
    readonly networks: ReadonlyMap<number, Network>;
    readonly processors: number;
  },
): Promise<{ readonly model: StepModel; readonly rows: readonly Measured[] }> {
  const measure = async (processes: number, batch: number) =>
    steps(await measureBy(launcher, processes, { kind: "steps", net, batch, seconds, threads: 1 }));
  const sizes = [batch, batch >> 1, batch >> 2];
  const alone = [];
  for (const size of sizes) alone.push([size, await measure(1, size)] as const);
  const model = fitStep(alone.map(([size, { step }]) => [size, step]), alone[0]![1].bytes);
  const rows: Measured[] = [];
  for (const processes of counts) {
    const { step, sum } = await measure(processes, batch);
    const shared = processes / Math.min(processes, processors);
    rows.push({
      processes,
      ms: 1000 * step,
      sumMs: 1000 * sum,
      efficiency: alone[0]![1].step * shared / processes / step,
      predicted: efficiency(
        { ...model, overhead: model.overhead * shared, perExample: model.perExample * shared },
        batch,
        processes,
        networks.get(processes)!,
      ).strong,
    });
  }
  return { model, rows };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The measured table, of all nets. */
const measuredTable = (all: readonly (readonly [string, readonly Measured[]])[]): string[] =>
  aligned([
    ["measured here", "processes", "ms", "of it sums", "efficiency", "predicted"],
    ...all.flatMap(([name, rows]) =>
      rows.map(({ processes, ms, sumMs, efficiency, predicted }) => [
        name,
        `${processes}`,
        digits(ms),
        digits(sumMs),
        percent(efficiency),
        percent(predicted),
      ])
    ),
  ]);

const COUNTS = [2, 4, 8, 16, 32, 64] as const;

/** What the model says of other networks. */
const predictedTable = (
  all: readonly (readonly [Case, StepModel])[],
  kind: "strong" | "weak",
): string[] =>
  aligned([
    [
      kind === "strong" ? "one batch for all" : "a batch for each",
      "network",
      ...COUNTS.map(String),
      "at 80 %",
    ],
    ...all.flatMap(([{ name, batch }, model]) =>
      NETWORKS.map((network) => [
        name,
        network.name,
        ...COUNTS.map((n) =>
          kind === "strong" && n > batch ? "" : percent(efficiency(model, batch, n, network)[kind])
        ),
        `${mostProcesses(model, batch, network, { least: 0.8, kind })}`,
      ])
    ),
  ]);

async function work(values: Values<typeof TABLE>): Promise<void> {
  const cases = values.nets.split(",").map(parseCase), counts = parseProcesses(values.processes);
  const launcher = splitPrefix(values.mpirun), machine = await machineHere();
  const processors = navigator.hardwareConcurrency;
  const networks = new Map<number, Network>(), sums = new Map<number, readonly MeasuredSum[]>();
  for (const processes of counts) {
    const answer = await measureBy(launcher, processes, { kind: "sums", sizes: SIZES });
    const measured = (answer as Extract<Answer, { kind: "sums" }>).sums;
    sums.set(processes, measured);
    networks.set(processes, fitNetwork(`${processes} processes here`, processes, measured));
  }
  console.log(
    aligned([
      ["sum over", ...SIZES.map((bytes) => `${digits(bytes / 1024)} KiB, ms`)],
      ...[...sums].map(([n, all]) => [
        `${n} processes`,
        ...all.map(([, seconds]) => digits(1000 * seconds)),
      ]),
    ]).join("\n"),
  );
  const results = [];
  for (const each of cases) {
    const how = { launcher, counts, seconds: values.seconds, networks, processors };
    results.push([each, await measureNet(each, how)] as const);
  }
  const models = results.map(([each, { model }]) => [each, model] as const);
  console.log("\n" + measuredTable(results.map(([{ name }, { rows }]) => [name, rows])).join("\n"));
  for (const kind of ["strong", "weak"] as const) {
    console.log("\n" + predictedTable(models, kind).join("\n"));
  }
  const path = values.out ?? await newResultPath(`${machine.date}-scale`);
  await writeResult(path, {
    ...machine,
    processors,
    sums: [...sums].map(([processes, all]) => ({ processes, sums: all })),
    networks: [...networks.values()],
    nets: results.map(([{ name }, { model, rows }]) => ({ name, model, rows })),
  });
  console.log(`\n${path}`);
}

/** Runs the task; returns the exit code. */
export const scale = (args: readonly string[]): Promise<number> =>
  command(SCALE, args, ({ values }) => work(values));

if (import.meta.main) Deno.exit(await scale(Deno.args));
