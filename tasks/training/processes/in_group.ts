/**
 * A command in each of the processes that a launcher such as mpirun started.
 *
 * @module
 */
import { type Distributed, distributed } from "../../../src/distributed/mod.ts";
import { findLauncher, readVariable } from "../../../src/distributed/launcher.ts";
import { exitCodeOf, printError, reportErrors, TaskError } from "../../cli/command.ts";
import { OptionError } from "../../cli/option_table.ts";
import { describeGroup, groupOf, type ProcessGroup } from "./group.ts";
import { PATIENCE, reportTogether } from "./lead.ts";
import { mute } from "./mute.ts";

/** What `--distributed` says. */
export type DistributedChoice = "mpi" | "none" | undefined;

/** A command that several processes may run together. */
export interface GroupCommand<Parsed> {
  /** As in `deno task NAME`. */
  readonly name: string;
  /** Reads the command line; the exit code where there is nothing more to do. */
  readonly parse: () => Parsed | number;
  /** What `--distributed` says. */
  readonly choice: (parsed: Parsed) => DistributedChoice;
  /** Whether to say how many processes there are. */
  readonly quiet: (parsed: Parsed) => boolean;
  /** Does the work; returns the exit code. */
  readonly work: (parsed: Parsed, group: ProcessGroup | undefined) => Promise<number>;
}

/** Throws an {@linkcode OptionError} where srun started several tasks without what connects them. */
function checkConnected(): void {
  const tasks = Number(readVariable("SLURM_STEP_NUM_TASKS"));
  if (!(tasks > 1)) return;
  throw new OptionError(
    `--distributed: expected srun --mpi=pmix or --mpi=pmi2 to connect its ${tasks} tasks, or ` +
      "--distributed none for a run of each, found neither",
  );
}

/** Joins the processes that the launcher started; undefined for a process that trains alone. */
async function join(choice: DistributedChoice): Promise<Distributed | undefined> {
  if (choice === "none") return undefined;
  if (!findLauncher()) {
    if (choice === undefined) checkConnected();
    else {throw new OptionError(
        "--distributed: expected mpirun or srun to start mpi, found neither",
      );}
  }
  try {
    const job = await distributed(choice && { by: choice });
    if (job.size > 1) return job;
    job[Symbol.dispose]();
    return undefined;
  } catch (cause) {
    throw new TaskError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** This process's number, as far as the launcher says it; 0 for one that was started alone. */
const launchedRank = (): number =>
  findLauncher()?.rank ??
    (Number(readVariable("SLURM_STEP_NUM_TASKS")) > 1 ? Number(readVariable("SLURM_PROCID")) : 0);

/** Tells an error from before the processes are connected: process 0 at once, the others if it does not have it. */
async function reportEarly(name: string, rank: number, error: unknown): Promise<number> {
  const code = exitCodeOf(error);
  if (rank === 0) return printError(name, error);
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  // All have the same command line.
  if (error instanceof OptionError) return code!;
  return printError(`${name}: process ${rank} on ${Deno.hostname()}`, error);
}

/** Runs a command, alone or as one of several processes; returns the exit code. */
export async function runInGroup<Parsed>(
  { name, parse, choice, quiet, work }: GroupCommand<Parsed>,
): Promise<number> {
  const rank = launchedRank(), unmute = rank === 0 ? () => {} : mute();
  let parsed: Parsed | number, job: Distributed | undefined, group: ProcessGroup | undefined;
  try {
    parsed = parse();
    if (typeof parsed === "number") return parsed;
    job = await join(choice(parsed));
    group = job && groupOf(job);
  } catch (error) {
    unmute();
    return await reportEarly(name, rank, error);
  }
  const own = parsed;
  if (!job || !group) {
    unmute();
    return await reportErrors(name, () => work(own, undefined));
  }
  using _ = job;
  const joined = group;
  if (group.leads && !quiet(own)) console.log(describeGroup(group));
  return await reportTogether(group, name, { work: () => work(own, joined), unmute });
}
