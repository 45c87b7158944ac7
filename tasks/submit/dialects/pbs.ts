/**
 * Job scripts of PBS Professional and OpenPBS.
 *
 * @module
 */
import type { Job } from "../job.ts";
import { askedLines, checkPlain, clockTime, type Dialect } from "./dialect.ts";

const TITLE = "PBS";

function head(job: Job): readonly string[] {
  const { name, array, ranks = 1, cpus, gpus, memory, time, logs, also } = job;
  checkPlain(TITLE, job);
  const chunk = [`ncpus=${cpus}`, gpus && `ngpus=${gpus}`, memory && `mem=${memory}mb`];
  const asked = askedLines(TITLE, job, {
    partition: (queue) => `-q ${queue}`,
    account: (account) => `-A ${account}`,
    "mail-user": (user) => `-M ${user}`,
  });
  const lines = [
    `-N ${name}`,
    ...(array ? [`-J 1-${array.count}${array.atOnce ? `%${array.atOnce}` : ""}`] : []),
    `-l select=${ranks}:${chunk.filter(Boolean).join(":")}`,
    `-l walltime=${clockTime(time)}`,
    "-r y",
    "-j oe",
    `-o ${logs}/`,
    ...asked,
    ...(also === undefined ? [] : [also]),
  ];
  return lines.map((line) => `#PBS ${line}`);
}

/** PBS: it gives no notice of the end of a job's time, so that the script looks at the clock itself. */
export const PBS: Dialect = {
  title: TITLE,
  submit: ["qsub"],
  head,
  index: "PBS_ARRAY_INDEX",
  alarm: true,
  again: () => ['qrerun "$PBS_JOBID" && sleep 60'],
};
