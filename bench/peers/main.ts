/**
 * `deno task bench:peers`: the same training steps by this library and by others. See `--help`.
 *
 * @module
 */
import { MOST_THREADS } from "../../src/device/cpu/threads/most_threads.ts";
import {
  type Command,
  command,
  commandText,
  OptionError,
  programFromCaller,
  TaskError,
  type Values,
} from "../../tasks/cli/mod.ts";
import { childRows, splitPrefix } from "../child.ts";
import { machineHere } from "../machine.ts";
import { torchOr } from "../torch.ts";
import { newResultPath, writeResult } from "../result_file.ts";
import { disagreeing, type PeerRow, summaries, summaryTable } from "./compare.ts";
import { absence, fullWork, listPrograms, type Program, type Task, TASKS } from "./programs.ts";
import { allRatios, ratioTable } from "./ratios.ts";

const TABLE = {
  only: {
    kind: "text",
    value: "TEXT,…",
    help: "Programs whose name contains one of these, such as webgpu or PyTorch.",
    otherwise: "all of them",
  },
  tasks: {
    kind: "text",
    value: "NAME,…",
    help: `The tasks to measure, of ${TASKS.map(({ name }) => name).join(", ")}.`,
    otherwise: "all of them; fitnet1-128 with --quick",
  },
  rounds: { kind: "integer", from: 1, default: 3, help: "How often each program runs, in turn." },
  seconds: { kind: "number", above: 0, default: 3, help: "How long each run repeats its steps." },
  quick: { kind: "flag", default: false, help: "One task, one round." },
  threads: {
    kind: "integer",
    from: 1,
    to: MOST_THREADS,
    help: "The number of threads of the programs on the CPU.",
    otherwise: "as many as processors",
  },
  python: {
    kind: "text",
    value: "COMMAND",
    help: "A Python that has torch.",
    otherwise: "python3 or /usr/bin/python3",
  },
  native: {
    kind: "flag",
    default: true,
    help: "Ours with machine code of its own for products; --no-native leaves WebAssembly alone.",
  },
  profile: {
    kind: "flag",
    default: false,
    help: "Print a table of our kernels below each training step.",
  },
  prefix: {
    kind: "text",
    value: "COMMAND",
    help:
      "A command to put before each measured program, such as 'taskset -c 0,1' or 'timeout 100'.",
    otherwise: "none",
  },
  out: {
    kind: "path",
    value: "FILE",
    help: "The JSON file of results. An existing file is replaced.",
    otherwise: "a new file bench/results/DATE-peers.json",
  },
} as const;

const PEERS: Command<typeof TABLE> = {
  name: "bench:peers",
  table: TABLE,
  page: {
    command: "deno task bench:peers",
    about:
      "measure the same training steps with goodinit, PyTorch, TensorFlow.js and jax-js, in turn, " +
      "and check that their losses agree.",
    examples: [
      ["deno task bench:peers", "Everything:"],
      [
        "deno task bench:peers --only cpu --tasks nin-32,caffenet-8 --profile",
        "Two nets on the CPU, and where the time goes:",
      ],
      ["deno task bench:peers --only webgpu,cuda --tasks fitnet1-128", "FitNet-1 on a GPU:"],
    ],
    notes: [
      "Every program starts from the same weights and images and reads the loss of each step; on a GPU, the " +
      "loss of the last step of each 50 ms. The first two losses, the second of which depends on every " +
      "gradient, must agree with ours to a relative 1e-4.",
      "PyTorch runs on the CPU, channels last, and with nets other than the FitNets also contiguous. On an " +
      "NVIDIA GPU it runs the FitNets in both layouts, each step as it is and as a CUDA graph, without TF32 " +
      "except where its name says so.",
      "The nets are the library's, without dropout, and a transformer and a perceptron of bench/nets; " +
      "PyTorch's are those of tests/golden/systems. Batch norm has the batch's statistics and moves " +
      "running ones, and companions add their losses.",
      "Ratios at the end are of images per second to the most that PyTorch reaches on the same kind of " +
      "device without TF32.",
      "A program that is not installed or fails is left out, with a line that says why. TensorFlow.js and " +
      "jax-js are fetched from npm at first use.",
      "Exit codes: 0 done, 1 losses differ or something failed, 2 a wrong command line.",
    ],
  },
};

function chooseTasks(names: string | undefined, quick: boolean): readonly Task[] {
  if (names === undefined) return quick ? TASKS.slice(0, 1) : TASKS;
  return names.split(",").map((name) => {
    const found = TASKS.find((task) => task.name === name.trim());
    if (found) return found;
    throw new OptionError(
      `--tasks: expected some of ${TASKS.map(({ name }) => name).join(", ")}, found ${name}`,
    );
  });
}

function chosen(all: readonly Program[], only: string | undefined): readonly Program[] {
  const parts = only?.split(",").map((part) => part.trim().toLowerCase()) ?? [""];
  const found = all.filter(({ name }) => parts.some((part) => name.toLowerCase().includes(part)));
  if (found.length > 0) return found;
  throw new OptionError(
    `--only: expected a part of ${all.map(({ name }) => name).join("; ")}, found ${only}`,
  );
}

/** The programs that can run here; prints why others cannot. */
async function availablePrograms(all: readonly Program[]): Promise<readonly Program[]> {
  const there: Program[] = [];
  for (const program of all) {
    const why = await absence(program);
    if (why === undefined) there.push(program);
    else console.error(`bench:peers: ${program.name} left out: ${why}`);
  }
  if (there.length === 0) throw new TaskError("expected a program that can run here, found none");
  return there;
}

/** Runs the programs in turn, round after round; one that fails is not run again. */
async function* runRounds(
  task: Task,
  programs: readonly Program[],
  { rounds, seconds, prefix }: { rounds: number; seconds: number; prefix?: string | undefined },
): AsyncGenerator<PeerRow[]> {
  const failed = new Set<Program>();
  for (let round = 0; round < rounds; round++) {
    const rows: PeerRow[] = [];
    for (const program of programs.filter((each) => !failed.has(each))) {
      const given = program.full ? fullWork(task) : task.work;
      const { sample } = program, work = JSON.stringify({ ...given, seconds, sample });
      const line = [...splitPrefix(prefix), ...program.command, work, ...program.after ?? []];
      try {
        for (const row of await childRows(line)) {
          rows.push({ program: program.name, round, ...row } as PeerRow);
        }
      } catch (error) {
        if (!(error instanceof TaskError)) throw error;
        failed.add(program);
        console.error(`bench:peers: ${program.name} left out of ${task.name}: ${error.message}`);
      }
    }
    yield rows;
  }
}

/** Prints the kernels of our first program's steps. */
async function printProfile({ work }: Task, [ours]: readonly Program[]): Promise<void> {
  if (!ours?.name.startsWith("goodinit") || !("net" in work)) return;
  const given = JSON.stringify({ ...work, profile: true });
  const [row] = await childRows([...ours.command, given, ...ours.after ?? []]);
  console.log(`\n${ours.name}\n${row?.table}`);
}

async function work(values: Values<typeof TABLE>, args: readonly string[]): Promise<void> {
  const { only, quick, seconds, prefix, native } = values;
  const { threads = navigator.hardwareConcurrency } = values, rounds = quick ? 1 : values.rounds;
  const tasks = chooseTasks(values.tasks, quick);
  const list = (python: string) => chosen(listPrograms({ threads, native, python }), only);
  const python = values.python && programFromCaller(values.python);
  const torch = list("").some(({ name }) => name.startsWith("PyTorch"));
  const programs = await availablePrograms(list(torch ? await torchOr("python3", python) : ""));
  const machine = await machineHere(), rows: PeerRow[] = [];
  let { out } = values;
  const line = commandText(["deno", "task", "bench:peers", ...args]);
  console.log(machine.machine);
  for (const task of tasks) {
    const able = programs.filter((each) => each.tasks?.includes(task.name) ?? true);
    for await (const some of runRounds(task, able, { rounds, seconds, prefix })) {
      rows.push(...some);
      out ??= await newResultPath(`${machine.date}-peers`);
      await writeResult(out, {
        ...machine,
        command: line,
        threads,
        native,
        summary: summaries(rows),
        ratios: allRatios(summaries(rows)),
        rows,
      });
    }
    if (rows.some((row) => row.task === task.name)) {
      console.log(`\n${summaryTable(task.name, summaries(rows))}`);
    }
    if (values.profile) await printProfile(task, programs);
  }
  const ratios = ratioTable(summaries(rows));
  if (ratios) console.log(`\n${ratios}`);
  if (out !== undefined) console.log(`\n${out}`);
  const wrong = disagreeing(summaries(rows));
  if (wrong.length === 0) return;
  const named = wrong.map(({ program, task }) => `${program} at ${task}`).join("; ");
  throw new TaskError(`expected losses that agree to a relative 1e-4, found others: ${named}`);
}

/** Runs the task; returns the exit code. */
export const peers = (args: readonly string[]): Promise<number> =>
  command(PEERS, args, ({ values }) => work(values, args));

if (import.meta.main) Deno.exit(await peers(Deno.args));
