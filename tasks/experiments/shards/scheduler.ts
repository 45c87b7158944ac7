/**
 * Which part of a grid a job array's schedulers give to a process.
 *
 * @module
 */
import { OptionError } from "../../cli/option_table.ts";

/** One of several programs that share a grid's runs. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** The variables in which a scheduler puts the numbers of a job array. */
interface Scheduler {
  readonly name: string;
  readonly index: string;
  /** The number of tasks, or the numbers of the first and the last. */
  readonly count?: string;
  readonly first?: string;
  readonly last?: string;
}

/** Schedulers with job arrays. */
export const SCHEDULERS: readonly Scheduler[] = [
  {
    name: "Slurm",
    index: "SLURM_ARRAY_TASK_ID",
    count: "SLURM_ARRAY_TASK_COUNT",
    first: "SLURM_ARRAY_TASK_MIN",
  },
  { name: "Grid Engine", index: "SGE_TASK_ID", first: "SGE_TASK_FIRST", last: "SGE_TASK_LAST" },
  { name: "LSF", index: "LSB_JOBINDEX", last: "LSB_JOBINDEX_END" },
  { name: "PBS", index: "PBS_ARRAY_INDEX", count: "PBS_ARRAY_COUNT" },
];

const integer = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/** The shard that a scheduler's variables say; undefined outside job arrays. */
export function scheduledShard(
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Shard | undefined {
  for (const scheduler of SCHEDULERS) {
    const of = (name: string | undefined) => name === undefined ? undefined : integer(read(name));
    const index = of(scheduler.index), first = of(scheduler.first) ?? (index === 0 ? 0 : 1);
    const last = of(scheduler.last), count = of(scheduler.count) ?? (last && last - first + 1);
    if (index === undefined || !count || count < 2 || index < first) continue;
    return { index: Math.min(count, index - first + 1), count };
  }
  return undefined;
}

/** Parses a shard such as `2/8`. */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text.trim())?.map(Number) ?? [];
  if (index && count && index <= count) return { index, count };
  throw new OptionError(`--shard: expected a number and a count such as 2/8, found ${text}`);
}
