/**
 * Job scripts, run by bash with the variables of each scheduler.
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { DIALECTS, SCHEDULER_NAMES } from "../../../tasks/submit/dialects/mod.ts";
import type { Job } from "../../../tasks/submit/job.ts";
import { type Program, scriptText } from "../../../tasks/submit/script.ts";
import { pause } from "../../pause.ts";
import { folderOf } from "../../data/fixtures.ts";

const JOB: Job = {
  name: "table",
  array: { count: 4, atOnce: 2 },
  cpus: 2,
  gpus: 1,
  memory: 3000,
  time: 5400,
  logs: "/tmp/logs",
  asked: { partition: "long", account: "us" },
  also: "-X y",
};

const NASTY = ["it's", 'a "b" $HOME `id` \\', "", "*", "new\nline", "-n", "ü"];

/** Runs a script to its end. */
async function bash(script: string, env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script],
    env,
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

/** A program that prints its arguments, each behind its length, and where it is. */
const SHOW =
  `bash -c 'for a; do printf "%s:%s;" "\${#a}" "$a"; done; echo "$PWD $INIT_CWD $X"' show`;

const program = (folder: string, more: Partial<Program> = {}): Program => ({
  project: folder,
  caller: folder,
  variables: { X: "a 'b'" },
  command: SHOW,
  args: NASTY,
  ...more,
});

Deno.test("the heads of all schedulers' scripts", () => {
  const heads = SCHEDULER_NAMES.map((name) => DIALECTS[name].head(JOB).join("\n"));
  assertEquals(heads, [
    `#SBATCH --job-name=table
#SBATCH --array=1-4%2
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --gpus-per-task=1
#SBATCH --mem=3000M
#SBATCH --time=01:30:00
#SBATCH --output=/tmp/logs/%A_%a.out
#SBATCH --open-mode=append
#SBATCH --signal=B:USR1@120
#SBATCH --partition=long
#SBATCH --account=us
#SBATCH --requeue
#SBATCH -X y`,
    `#PBS -N table
#PBS -J 1-4%2
#PBS -l select=1:ncpus=2:ngpus=1:mem=3000mb
#PBS -l walltime=01:30:00
#PBS -r y
#PBS -j oe
#PBS -o /tmp/logs/
#PBS -q long
#PBS -A us
#PBS -X y`,
    `#BSUB -J "table[1-4]%2"
#BSUB -n 2
#BSUB -R "span[ptile=2]"
#BSUB -R "rusage[mem=3000MB]"
#BSUB -gpu "num=1"
#BSUB -W 1:30
#BSUB -wa USR1 -wt 2
#BSUB -r
#BSUB -Q 99
#BSUB -o /tmp/logs/%J_%I.out
#BSUB -q long
#BSUB -P us
#BSUB -X y`,
    `#$ -S /bin/bash
#$ -N table
#$ -t 1-4
#$ -tc 2
#$ -pe smp 2
#$ -l mem_free=3000M
#$ -l gpu=1
#$ -l h_rt=01:30:00,s_rt=01:28:00
#$ -r y
#$ -j y
#$ -o /tmp/logs/
#$ -q long
#$ -P us
#$ -X y`,
  ]);
});

Deno.test("what a scheduler has no words for is refused", () => {
  const found = "expected none, since it is an option of other schedulers than LSF, found high";
  assertThrows(() => DIALECTS.lsf.head({ ...JOB, asked: { qos: "high" } }), OptionError, found);
  for (const name of ["pbs", "lsf", "sge"] as const) {
    const head = () => DIALECTS[name].head({ ...JOB, logs: "/tmp/my logs" });
    assertThrows(head, OptionError, "without spaces and special characters");
  }
  const head = () => DIALECTS.slurm.head({ ...JOB, logs: "/tmp/a\\b" });
  assertThrows(head, OptionError, "without backslashes");
});

Deno.test({
  name: "arguments reach the program as they were given, with the shard of each scheduler",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await folderOf({});
    const shown = NASTY.map((each) => `${each.length}:${each};`).join("");
    for (const name of SCHEDULER_NAMES) {
      const script = scriptText(DIALECTS[name], JOB, program(folder.path), ["a note"]);
      const { code, out, err } = await bash(script, {
        [DIALECTS[name].index]: "3",
        LC_ALL: "C.UTF-8",
      });
      const where = `${folder.path} ${folder.path} a 'b'\n`;
      assertEquals([code, out, err], [0, `${shown}7:--shard;3:3/4;${where}`, ""], name);
    }
  },
});

Deno.test({
  name: "a run that an earlier attempt has left is resumed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await folderOf({});
    const run = `${folder.path}/a run`, resumed = { folder: run, args: ["--quiet"] };
    const script = scriptText(
      DIALECTS.slurm,
      { ...JOB, array: undefined },
      program(folder.path, { resumed, args: ["--out", run] }),
      [],
    );
    assertStringIncludes((await bash(script, {})).out, "5:--out;");
    await Deno.mkdir(run);
    await Deno.writeTextFile(`${run}/manifest.json`, "{}");
    const { out } = await bash(script, {});
    assertStringIncludes(out, `8:--resume;${run.length}:${run};7:--quiet;`);
  },
});

/** A program that says that it runs, and ends by SIGTERM after a while with the code of a run that was stopped. */
const SLOW =
  `bash -c 'trap "sleep 0.2; exit 130" TERM; echo runs; while :; do sleep 0.02; done' slow`;

/** Starts a script whose program runs until it is asked to end; sends signals, and waits for its end. */
async function signaled(script: string, path: string, signals: readonly Deno.Signal[]) {
  const child = new Deno.Command("bash", {
    args: ["-c", script],
    env: {
      PATH: `${path}:${Deno.env.get("PATH")}`,
      SLURM_ARRAY_TASK_ID: "3",
      SLURM_ARRAY_JOB_ID: "7",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let out = (await reader.read()).value ?? "";
  for (const signal of signals) {
    child.kill(signal);
    await pause(30);
  }
  for (let part = await reader.read(); !part.done; part = await reader.read()) out += part.value;
  const [{ code }] = await Promise.all([child.status, child.stderr.cancel()]);
  return { code, out };
}

Deno.test({
  name: "a job is run again after its scheduler's notice, and not after a request to end it",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await folderOf({});
    for (const name of ["scontrol", "qrerun", "sleep60"]) {
      await Deno.writeTextFile(`${folder.path}/${name}`, `#!/bin/sh\necho "${name} $*"; exit 1\n`, {
        mode: 0o755,
      });
    }
    const script = (name: (typeof SCHEDULER_NAMES)[number]) =>
      scriptText(DIALECTS[name], JOB, program(folder.path, { command: SLOW, args: [] }), []);
    const again = await Promise.all(
      SCHEDULER_NAMES.map((name) => signaled(script(name), folder.path, ["SIGUSR1"])),
    );
    for (const { out } of again) assertStringIncludes(out, "this job is run again");
    assertEquals(again.map(({ code }) => code), [130, 130, 99, 99]);
    assertStringIncludes(again[0]!.out, "scontrol requeue 7_3\n");
    assertStringIncludes(again[1]!.out, "qrerun");
    for (const signals of [["SIGTERM"], ["SIGUSR1", "SIGTERM"]] as const) {
      const ended = await signaled(script("slurm"), folder.path, signals);
      assertEquals(ended.code, 130);
      assert(!ended.out.includes("requeue"), ended.out);
    }
    const alarmed = scriptText(
      DIALECTS.pbs,
      { ...JOB, time: 121 },
      program(folder.path, { command: SLOW, args: [] }),
      [],
    );
    assertStringIncludes((await signaled(alarmed, folder.path, [])).out, "qrerun");
  },
});
