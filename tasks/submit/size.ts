/**
 * How many jobs there are, and what each needs: as asked for, else by a forecast and by what the cluster has.
 *
 * @module
 */
import { counted, roughly } from "../cli/format.ts";
import { interruption } from "../cli/interruption.ts";
import { fail } from "../cli/option_table.ts";
import type { Partition } from "./cluster.ts";
import { clockTime } from "./dialects/dialect.ts";
import type { Job } from "./job.ts";
import { measureRuns } from "./measure.ts";
import type { SubmitValues } from "./options.ts";
import { parseMemory, parseTime } from "./units.ts";
import type { Work } from "./work.ts";

/** The most jobs of an array, as Slurm has it unless told otherwise. */
const MOST_JOBS = 1000;

/** The processors of a job where nothing is said. */
const CPUS = 4;

/** By how much a forecast may be too small, of the time and of the memory. */
const SAFETY = { time: 2, memory: 1.5 } as const;

/** Seconds in which a program starts, loads its data and compiles. */
const START = 60;

/** Times are multiples of these seconds, and memory of these MiB, both at least two of them. */
const STEPS = { time: 300, memory: 512 } as const;

/** What jobs need, and in words what that is based on. */
export interface Size {
  readonly needs: Pick<Job, "array" | "cpus" | "memory" | "time">;
  readonly notes: readonly string[];
}

/** How many jobs share the work; 1 if it is not shared. */
function countJobs({ isShared, runs }: Work, { array }: SubmitValues): number {
  return isShared ? Math.max(1, Math.min(array ?? MOST_JOBS, runs.length)) : 1;
}

/** Seconds of a job: twice its share of all runs and the longest of them, as jobs take runs one by one. */
export function jobSeconds(seconds: readonly number[], jobs: number): number {
  const sum = seconds.reduce((a, b) => a + b, 0), longest = Math.max(0, ...seconds);
  const whole = SAFETY.time * (START + sum / jobs + (jobs > 1 ? longest : 0));
  return STEPS.time * Math.max(2, Math.ceil(whole / STEPS.time));
}

/** A time that a partition lets a job have. */
function withinLimit(
  seconds: number,
  given: boolean,
  partition: Partition | undefined,
): { readonly time: number; readonly notes: readonly string[] } {
  const { time: limit, name } = partition ?? {};
  if (limit === undefined || seconds <= limit) return { time: seconds, notes: [] };
  const most = clockTime(limit);
  if (given) fail(`--time: expected at most ${most}, the limit of the partition ${name}`);
  const note = `time: cut to ${most}, the limit of the partition ${name}; jobs are run again`;
  return { time: limit, notes: [note] };
}

/** The memory of a job in MiB; undefined where nothing is known. */
function memoryOf(
  { jobs }: Work,
  { mem, ranks = 1 }: SubmitValues,
  peak: number | undefined,
  partition: Partition | undefined,
): number | undefined {
  if (mem !== undefined) return parseMemory(mem);
  if (peak === undefined || (partition && partition.memory === undefined)) return undefined;
  const steps = Math.ceil(SAFETY.memory * peak * jobs * ranks / STEPS.memory);
  return Math.min(STEPS.memory * Math.max(2, steps), partition?.memory ?? Infinity);
}

/** What a forecast is based on. */
function forecastNote(
  seconds: readonly number[],
  { kinds, threads, jobs }: {
    readonly kinds: number;
    readonly threads: number;
    readonly jobs: number;
  },
): string {
  const sum = seconds.reduce((a, b) => a + b, 0);
  return `time: ${counted(seconds.length, "run")}, about ${roughly(sum)} in all and ${
    roughly(Math.max(0, ...seconds))
  } for the longest, by the first steps of ${counted(kinds, "kind")} of runs with ${
    counted(threads, "thread")
  } on ${Deno.hostname()}; twice that for each of ${counted(jobs, "job")}`;
}

/** Measures what is not given. */
export async function sizeJobs(
  work: Work,
  values: SubmitValues,
  partition: Partition | undefined,
): Promise<Size> {
  const { runs, trains } = work, count = countJobs(work, values), { time: given } = values;
  const cpus = values["cpus-per-task"] ?? Math.min(CPUS, partition?.cpus || CPUS);
  const array = count > 1 ? { count, atOnce: values["at-once"] } : undefined;
  const sized = (wanted: number, notes: readonly string[], peak?: number): Size => {
    const limited = withinLimit(wanted, given !== undefined, partition);
    const memory = memoryOf(work, values, peak, partition);
    return {
      needs: { array, cpus, memory, time: limited.time },
      notes: [...notes, ...limited.notes],
    };
  };
  if (given !== undefined) return sized(parseTime(given), []);
  const threads = Math.min(cpus, navigator.hardwareConcurrency);
  using signal = interruption();
  const { seconds, kinds, memory } = await measureRuns(trains, runs, { threads, signal });
  if (signal.aborted) fail("--time: expected a time, since measuring was interrupted");
  const note = forecastNote(seconds, { kinds, threads, jobs: count });
  return sized(jobSeconds(seconds, count), [note], memory);
}
