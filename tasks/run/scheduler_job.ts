/**
 * The job of a scheduler in which a program runs.
 *
 * @module
 */

/** The variables in which a scheduler names a job: its own, or that of its array and the number in it. */
interface JobVariables {
  readonly name: string;
  readonly job: string;
  readonly array?: string;
  readonly index?: string;
}

const SCHEDULERS: readonly JobVariables[] = [
  {
    name: "Slurm",
    job: "SLURM_JOB_ID",
    array: "SLURM_ARRAY_JOB_ID",
    index: "SLURM_ARRAY_TASK_ID",
  },
  { name: "PBS", job: "PBS_JOBID" },
  { name: "LSF", job: "LSB_JOBID", array: "LSB_JOBID", index: "LSB_JOBINDEX" },
];

/** A variable of the environment, where it may be read. */
function permitted(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

/** The job that this program runs in, such as `Slurm 71_3`; undefined outside of jobs. */
export function schedulerJob(
  read: (variable: string) => string | undefined = permitted,
): string | undefined {
  for (const { name, job, array, index } of SCHEDULERS) {
    const number = read(job), whole = array && read(array), within = index && read(index);
    if (whole && within && within !== "0") return `${name} ${whole}_${within}`;
    if (number) return `${name} ${number}`;
  }
  return undefined;
}
