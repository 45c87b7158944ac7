/**
 * `deno task submit`: from a command line to a job script, printed or submitted.
 *
 * @module
 */
import { callerFolder } from "../cli/caller.ts";
import { EXIT, reportErrors } from "../cli/command.ts";
import { formatHelp } from "../cli/help.ts";
import { fail, OptionError } from "../cli/option_table.ts";
import { makeFolder } from "../cli/output_paths.ts";
import { parseOptions } from "../cli/parse_options.ts";
import { quoted } from "../cli/quoted.ts";
import { findPartition } from "./cluster.ts";
import { splitCommandLine } from "./command_line.ts";
import { DIALECTS } from "./dialects/mod.ts";
import type { Job } from "./job.ts";
import { ASKED_NAMES, SUBMIT_OPTIONS, type SubmitValues } from "./options.ts";
import { PAGE } from "./page.ts";
import { type Program, scriptText } from "./script.ts";
import { sendScript } from "./send.ts";
import { sizeJobs } from "./size.ts";
import { findTarget, type Target } from "./target.ts";
import { planTraining } from "./training.ts";
import { planGrid, type Work } from "./work.ts";

/** The project's folder. */
const PROJECT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Environment variables that tasks and launchers read, and that a scheduler may not pass on. */
const VARIABLES = [
  "GOODINIT_DATA",
  "GOODINIT_CACHE",
  "GOODINIT_MIRRORS",
  "LD_LIBRARY_PATH",
] as const;

/** The name of a job: the one that was asked for, else the task's. */
function jobName({ name: given }: SubmitValues, { name, args }: Target): string {
  if (given !== undefined && !/^[A-Za-z][\w.-]*$/.test(given)) {
    fail(`--name: expected a letter, then letters, digits, dots, hyphens and _, found ${given}`);
  }
  return given ?? (name === "experiment" ? args[0]! : name).replaceAll(":", "-");
}

/** Throws an {@linkcode OptionError} on a path that no line of a script can hold. */
function checkLine(path: string, named: string): string {
  if (!/[\n\r]/.test(path)) return path;
  throw new OptionError(`${named}: expected a path of one line, found ${JSON.stringify(path)}`);
}

const askedOf = (values: SubmitValues): Readonly<Record<string, string>> =>
  Object.fromEntries(ASKED_NAMES.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  }));

/** The launcher of several processes. */
function launcherLine(
  { ranks = 1, mpi, launcher = mpi === undefined ? "mpirun" : "srun" }: SubmitValues,
  cpus: number,
): string | undefined {
  if (ranks === 1) return undefined;
  if (launcher === "mpirun") return `mpirun -n ${ranks} -bind-to none`;
  const type = mpi === undefined ? "" : ` --mpi=${quoted(mpi)}`;
  return `srun --ntasks=${ranks} --cpus-per-task=${cpus} --kill-on-bad-exit=1${type}`;
}

/** What a job of some needs runs. */
function programOf(
  { command }: Target,
  { args, resumed, takesThreads, jobs, out }: Work,
  values: SubmitValues,
  cpus: number,
): Program {
  const threads = takesThreads ? ["--threads", `${Math.max(1, Math.floor(cpus / jobs))}`] : [];
  const variables = VARIABLES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value ? [[name, value] as const] : [];
  });
  return {
    project: PROJECT,
    caller: callerFolder(),
    variables: Object.fromEntries(variables),
    command,
    args: [...args, ...threads],
    resumed: resumed && { folder: out, args: [...resumed, ...threads] },
    launcher: launcherLine(values, cpus),
  };
}

/** The folder of what jobs print, which no scheduler makes. */
async function logFolder({ logs, scheduler }: SubmitValues, { out }: Work): Promise<string> {
  const path = checkLine(logs ?? `${out}-${scheduler}`, logs ? "--logs" : "--out");
  await makeFolder(path, "--logs");
  return await Deno.realPath(path);
}

/** Plans the work of a task. */
function planWork(target: Target, values: SubmitValues): Promise<Work> {
  const { trains } = target;
  return typeof trains === "string"
    ? planTraining(target, trains, values)
    : planGrid(target, trains, values);
}

/** Writes the script of a task's jobs, and prints or submits it. */
async function submitTask(values: SubmitValues, target: Target): Promise<number> {
  const dialect = DIALECTS[values.scheduler], work = await planWork(target, values);
  if (work.runs.length === 0) {
    console.error(`${work.out}: all runs are over; there is nothing to submit`);
    return EXIT.done;
  }
  const partition = values.scheduler === "slurm"
    ? await findPartition(values.partition)
    : undefined;
  const { needs, notes } = await sizeJobs(work, values, partition);
  const job: Job = {
    ...needs,
    name: jobName(values, target),
    ranks: values.ranks,
    gpus: values["gpus-per-task"],
    logs: await logFolder(values, work),
    asked: askedOf(values),
    also: values.also && checkLine(values.also, "--also"),
  };
  const script = scriptText(dialect, job, programOf(target, work, values, job.cpus), notes);
  for (const note of notes) console.error(note);
  if (!values.now) {
    console.log(script.trimEnd());
    return EXIT.done;
  }
  console.log(await sendScript(dialect, script, job.logs));
  console.error(`${quoted(`${job.logs}/job.sh`)}: what jobs print comes beside it`);
  if (work.isShared) console.error(`deno task watch ${quoted(work.out)} shows them all`);
  return EXIT.done;
}

/** Runs the task; returns the exit code. */
export const submit = (all: readonly string[]): Promise<number> =>
  reportErrors("submit", async () => {
    const { own, task, args } = splitCommandLine(SUBMIT_OPTIONS, all);
    const parsed = parseOptions(SUBMIT_OPTIONS, own);
    if (parsed !== "help") return await submitTask(parsed.values, findTarget(task, args));
    console.log(formatHelp(PAGE, SUBMIT_OPTIONS).trimEnd());
    return EXIT.done;
  });
