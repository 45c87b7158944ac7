/**
 * The CPU device beside PyTorch: convolutions, then whole training steps, each program in turn several
 * times in one run on one machine; medians, and all figures as JSON.
 *
 *     deno run -A bench/compare_cpu.ts OUT.json [--rounds 3] [--threads 2] [--python python3]
 *
 * The interpreter needs torch (Debian: `apt-get install python3-torch`).
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { writeAtomically } from "../src/train/files.ts";
import { median, round } from "./measure.ts";

type Row = Record<string, unknown>;
interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

const FAST = "--v8-flags=--experimental-wasm-revectorize,--no-wasm-bounds-checks";
const STEPS = ["fitnet1 128", "fitnet4 32", "fitnet4 128", "fitnetMnist 64"];
const CONVOLUTIONS = ["32×32×32×64", "32×16×80×160", "32×8×128×256"];

const args = parseArgs(Deno.args, {
  string: ["rounds", "threads", "python"],
  default: { rounds: "3", threads: "2", python: "python3" },
});
const [out] = args._.map(String);
if (out === undefined) throw new Error("compare_cpu: expected a file to write, found none");
const { threads, python } = args;
const here = (path: string) => new URL(path, import.meta.url).pathname;

/** Runs a program and parses the lines of JSON that it prints. */
async function rowsOf([name, ...rest]: readonly string[]): Promise<Row[]> {
  const { code, stdout, stderr } = await new Deno.Command(name, { args: [...rest] }).output();
  const decoder = new TextDecoder();
  if (code !== 0) throw new Error(`${name} ${rest.join(" ")}: ${decoder.decode(stderr)}`);
  const lines = decoder.decode(stdout).split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line));
}

const deno = Deno.execPath(), torch = [python, here("peers/torch_cpu.py"), threads];
const ours = (script: string, ...rest: string[]) => [deno, "run", "-A", here(script), ...rest];
const fast = (script: string, ...rest: string[]) => [
  ...[deno, "run", "-A", FAST, here(script)],
  ...[...rest, "--wide"],
];
const withThreads = ["--threads", threads];
const programs = {
  convolutions: CONVOLUTIONS.map((size): Program[] => [
    { name: "goodinit", command: ours("convolution.ts", size, ...withThreads) },
    { name: "goodinit, fast", command: fast("convolution.ts", size, ...withThreads) },
    { name: "PyTorch", command: [...torch, "convolution", size] },
  ]),
  steps: STEPS.map((step): Program[] => [
    {
      name: "goodinit",
      command: ours("training_step.ts", "cpu", ...step.split(" "), ...withThreads),
    },
    {
      name: "goodinit, fast",
      command: fast("training_step.ts", "cpu", ...step.split(" "), ...withThreads),
    },
    { name: "PyTorch", command: [...torch, ...step.split(" ")] },
  ]),
};

/** Runs each list's programs in turn, so many times. */
async function runAll(lists: readonly (readonly Program[])[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const list of lists) {
    for (let round = 0; round < Number(args.rounds); round++) {
      for (const { name, command } of list) {
        for (const row of await rowsOf(command)) {
          rows.push({ program: name, round, ...row });
          console.error(JSON.stringify(rows.at(-1)));
        }
      }
    }
  }
  return rows;
}

const commit = await new Deno.Command("git", { args: ["rev-parse", "--short", "HEAD"] }).output();
const convolutions = await runAll(programs.convolutions), steps = await runAll(programs.steps);
const cpu = /model name\s*:\s*(.*)/.exec(await Deno.readTextFile("/proc/cpuinfo").catch(() => ""));
await writeAtomically(
  out,
  JSON.stringify(
    {
      date: new Date().toISOString().slice(0, 10),
      commit: new TextDecoder().decode(commit.stdout).trim(),
      machine: `${navigator.hardwareConcurrency} × ${cpu?.[1] ?? "unknown"}`,
      deno: Deno.version.deno,
      convolutions,
      steps,
    },
    undefined,
    1,
  ) + "\n",
);

/** The median of a field over the rounds of one program at one task. */
const middle = (rows: readonly Row[], program: string, task: string, field: (row: Row) => number) =>
  median(rows.filter((row) => row.program === program && row.task === task).map(field));

for (const step of STEPS) {
  const task = step.replace(" ", "-");
  const rate = (program: string) =>
    middle(steps, program, task, (row) => row.imagesPerSecond as number);
  const [plain, quick, peer] = ["goodinit", "goodinit, fast", "PyTorch"].map(rate);
  console.log(
    `${task}: ${plain} images/s, ${round(plain / peer)} of PyTorch's ${peer}; ` +
      `fast ${quick}, ${round(quick / peer)}`,
  );
}
