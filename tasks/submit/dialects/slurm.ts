/**
 * Slurm's job scripts, <https://slurm.schedmd.com/sbatch.html>.
 *
 * @module
 */
import { OptionError } from "../../cli/option_table.ts";
import { type Job, NOTICE } from "../job.ts";
import { clockTime, type Dialect } from "./dialect.ts";

/** The value of a directive, which sbatch reads as a shell would. */
const value = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `"${text.replaceAll(/["$`]/g, "\\$&")}"`;

/** The file of what a job prints: Slurm replaces `%A`, the array, `%a`, the number in it, and `%j`, the job. */
function outputFile({ logs, array }: Job): string {
  if (logs.includes("\\")) {
    throw new OptionError(
      `--logs: expected a folder without backslashes, at which Slurm writes nothing, found ${logs}`,
    );
  }
  return `${logs.replaceAll("%", "%%")}/${array ? "%A_%a" : "%j"}.out`;
}

function head(job: Job): readonly string[] {
  const { name, array, ranks, cpus, gpus, memory, time, asked, also } = job;
  const options: Readonly<Record<string, string | number | undefined>> = {
    "job-name": name,
    array: array && `1-${array.count}${array.atOnce ? `%${array.atOnce}` : ""}`,
    ntasks: ranks ?? 1,
    "cpus-per-task": cpus,
    "gpus-per-task": gpus,
    mem: memory && `${memory}M`,
    time: clockTime(time),
    output: outputFile(job),
    "open-mode": "append",
    signal: `B:USR1@${NOTICE}`,
    ...asked,
  };
  return [
    ...Object.entries(options).flatMap(([option, text]) =>
      text === undefined ? [] : `#SBATCH --${option}=${value(String(text))}`
    ),
    "#SBATCH --requeue",
    ...(also === undefined ? [] : [`#SBATCH ${also}`]),
  ];
}

/** Slurm. */
export const SLURM: Dialect = {
  title: "Slurm",
  submit: ["sbatch"],
  head,
  index: "SLURM_ARRAY_TASK_ID",
  // The number of the last job of an array is the array's, too.
  again: ({ array }) => [
    `scontrol requeue "${
      array ? "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" : "$SLURM_JOB_ID"
    }" && sleep 60`,
  ],
};
