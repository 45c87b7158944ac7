/**
 * Training tasks as several processes.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { decodeSafetensors } from "../../src/train/safetensors/safetensors.ts";
import { pause } from "../pause.ts";
import { forEachMpi, forOneMpi, launched, type MpiName, mpirunTask } from "./mpirun.ts";

/** A training of a few seconds, of batches that 2 and 3 processes cannot share evenly. */
const SHORT = [
  ...["--dataset", "shapes", "--subset", "52", "--test-subset", "11", "--batch", "13"],
  ...["--epochs", "3", "--optimizer", "sgd", "--rate", "0.01", "--device", "cpu", "--no-figures"],
];

/** Weights of several processes are those of one up to this part of the largest, after 12 steps. */
const TOLERANCE = 1e-5;

/** The command of a task by so many processes, or by one that no launcher started. */
const commandOf = (mpi: MpiName, processes: number, args: readonly string[]): Deno.Command =>
  processes > 1 ? mpirunTask(mpi, processes, args) : new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    stdout: "piped",
    stderr: "piped",
  });

/** Calls `f` with a folder for runs. */
async function withFolder(f: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await f(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The weights of the run in a folder, one after another. */
async function weightsOf(folder: string): Promise<number[]> {
  const { tensors } = decodeSafetensors(await Deno.readFile(`${folder}/weights.safetensors`));
  return [...tensors.values()].flatMap(({ data }) => [...data]);
}

function assertAlike(
  found: readonly number[],
  expected: readonly number[],
  tolerance = TOLERANCE,
): void {
  const largest = Math.max(...expected.map(Math.abs));
  const apart = Math.max(...found.map((w, i) => Math.abs(w - expected[i]!)));
  assertEquals(found.length, expected.length);
  assert(apart <= tolerance * largest, `weights differ by ${apart} of ${largest}`);
}

const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

/** Resolves once a run has written a checkpoint; rejects after a minute. */
async function checkpointIn(folder: string): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    try {
      const files = [...Deno.readDirSync(`${folder}/checkpoints`)];
      if (files.some(({ name }) => name.endsWith(".safetensors"))) return;
    } catch {
      // There is no folder yet.
    }
    await pause(20);
  }
  throw new Error(`${folder}: expected a checkpoint within a minute, found none`);
}

forEachMpi(
  "train:mnist by 2 and 3 processes: the weights of one, the same bits twice",
  (mpi) =>
    withFolder(async (folder) => {
      /** Trains; the weights, and what was printed. */
      const train = async (processes: number, name = `${processes}`) => {
        const out = `${folder}/${name}`, args = ["train:mnist", ...SHORT, "--out", out];
        const { code, stdout, stderr } = await launched(commandOf(mpi, processes, args));
        assertEquals(code, 0, stderr);
        return { weights: await weightsOf(out), lines: stdout.trim().split("\n") };
      };
      const one = await train(1), two = await train(2), three = await train(3);
      assertAlike(two.weights, one.weights);
      assertAlike(three.weights, one.weights);
      assertEquals((await train(3, "again")).weights, three.weights);
      // Each line once, the processes first.
      assertMatch(
        three.lines[0]!,
        /^(Open MPI|MPICH).*, 3 processes by mpirun of .*, on 1 host \(/,
      );
      assertEquals(three.lines.length, one.lines.length + 1);
      const { processes } = await readJson(`${folder}/3/manifest.json`);
      assertEquals(processes, { count: 3, hosts: [Deno.hostname()], library: processes.library });
      assertMatch(processes.library, /^(Open MPI|MPICH)/);
      assertEquals((await readJson(`${folder}/1/manifest.json`)).processes, undefined);
    }),
);

forEachMpi(
  "kill -9 of a process ends the job; --resume with other numbers goes on",
  (mpi) =>
    withFolder(async (folder) => {
      const whole = `${folder}/whole`, out = `${folder}/killed`;
      const train = (processes: number, ...args: readonly string[]) =>
        commandOf(mpi, processes, ["train:mnist", ...args]);
      const long = [...SHORT, "--epochs", "25", "--rate", "0.001"];
      assertEquals((await launched(train(1, ...long, "--out", whole))).code, 0);
      const running = train(2, ...long, "--checkpoint-every", "0", "--out", out).spawn();
      await checkpointIn(out);
      Deno.kill((await readJson(`${out}/lock.json`)).process, "SIGKILL");
      assert((await running.output()).code !== 0);
      assertEquals((await readJson(`${out}/manifest.json`)).status, "running");
      const resumed = await launched(train(3, "--resume", out));
      assertEquals(resumed.code, 0, resumed.stderr);
      assertStringIncludes(resumed.stderr, "WARNING: this run was of 2 processes and resumes on 3");
      assertMatch(resumed.stdout, /resumed from step \d+/);
      const { status, resumed: [session] } = await readJson(`${out}/manifest.json`);
      assertEquals([status, session.processes.count], ["finished", 3]);
      // Roundings grow from step to step.
      assertAlike(await weightsOf(out), await weightsOf(whole), 10 * TOLERANCE);
    }),
);

forOneMpi(
  "an error is told once, by process 0, and all end",
  (mpi) =>
    withFolder(async (folder) => {
      const mine = `${folder}/mine`;
      await Deno.mkdir(mine);
      await Deno.writeTextFile(`${mine}/thesis.txt`, "");
      const cases = [
        [["--bogus"], 2, "expected a known option, found --bogus"],
        [["--batch", "2"], 2, "--batch: expected at least 3, an image for each, with 3 processes"],
        [["--accumulate", "13"], 2, "--accumulate: expected 1 with 3 processes, found 13"],
        [["--mixup", "0.2"], 2, "--mixup: expected none with 3 processes, found 0.2"],
        [["--out", mine], 2, "--out: expected a new or empty folder"],
        [["--resume", mine], 2, "--resume: expected a run's folder"],
        [["--dataset", "mnist", "--data", "/nowhere"], 1, "/nowhere does not exist"],
      ] as const;
      for (const [options, expected, message] of cases) {
        const args = ["train:mnist", ...SHORT, ...options];
        const { code, stdout, stderr } = await launched(mpirunTask(mpi, 3, args));
        assertEquals([code, stderr.split(message).length - 1], [expected, 1], stdout + stderr);
        assertEquals(stderr.split("train:mnist: ").length - 1, 1, stderr);
      }
    }),
);

forOneMpi("an error of one process names it, and ends all", (mpi) =>
  withFolder(async (folder) => {
    const args = ["train:mnist", ...SHORT, "--out", `${folder}/run`];
    const command = mpirunTask(mpi, 2, args, ["--dataset", "procedural", "--data", "/nowhere"]);
    const { code, stderr } = await launched(command);
    assertEquals(code, 2);
    assertMatch(stderr, /train:mnist: process 1 of 2 on \S+: --data: expected none beside/);
  }));

forOneMpi(
  "SIGUSR1 to the launcher ends a run in good order",
  (mpi) =>
    withFolder(async (folder) => {
      const out = `${folder}/run`, args = ["train:mnist", ...SHORT, "--epochs", "100000"];
      const command = mpirunTask(mpi, 2, [...args, "--checkpoint-every", "0.1", "--out", out]);
      const running = command.spawn();
      await checkpointIn(out);
      running.kill("SIGUSR1");
      assertEquals((await running.output()).code, 130);
      assertEquals((await readJson(`${out}/manifest.json`)).status, "stopped");
      const stopped = [...Deno.readDirSync(`${out}/checkpoints`)];
      assert(stopped.length > 0 && await Deno.stat(`${out}/weights.safetensors`));
    }),
);

forOneMpi(
  "all processes end a run that diverges, whichever finds out first",
  (mpi) =>
    withFolder(async (folder) => {
      const out = `${folder}/run`, args = ["train:mnist", ...SHORT, "--epochs", "50"];
      // Only process 0 looks before each checkpoint.
      const diverging = [...args, "--rate", "1e20", "--checkpoint-every", "0", "--out", out];
      const { code, stderr } = await launched(mpirunTask(mpi, 2, diverging));
      assertEquals([code, stderr.split("is not finite").length - 1], [1, 1], stderr);
      assertMatch((await readJson(`${out}/manifest.json`)).status, /^diverged at step \d+$/);
    }),
);

forOneMpi(
  "tune:rate and pre-training by 2 processes: the numbers of one",
  (mpi) =>
    withFolder(async (folder) => {
      /** Runs by one process and by two; the folders. */
      const both = async (...args: readonly string[]) => {
        const outs = [1, 2].map((processes) => `${folder}/${args[0]}-${processes}`);
        for (const [i, out] of outs.entries()) {
          const command = commandOf(mpi, i + 1, [...args, "--out", out]);
          const { code, stderr } = await launched(command);
          assertEquals(code, 0, stderr);
        }
        return outs;
      };
      const stages = ["--pretrain", "layerwise", "--pretrain-epochs", "1", "--lsuv-mode", "fresh"];
      const gentle = ["--keep-best", "loss", "--rate", "0.001"];
      const runs = await both("train:mnist", ...SHORT, ...stages, ...gentle);
      const [one, two] = await Promise.all(runs.map(weightsOf));
      assertAlike(two!, one!);
      const settings = SHORT.filter((_, i) => !["--rate", "0.01"].includes(SHORT[i]!));
      const tests = await both("tune:rate", "mnist", ...settings, "--steps", "12", "--to", "0.01");
      const [alone, together] = await Promise.all(tests.map(async (out) =>
        (await Deno.readTextFile(`${out}/rate_range.csv`)).trim().split("\n").slice(1)
          .map((line) => Number(line.split(",")[2]))
      ));
      assertEquals(alone!.length, 12);
      assertAlike(together!, alone!);
    }),
);
