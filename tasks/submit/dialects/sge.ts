/**
 * Job scripts of Sun, Univa, Altair and Open Grid Engine.
 *
 * @module
 */
import { type Job, NOTICE } from "../job.ts";
import { askedLines, checkPlain, clockTime, type Dialect } from "./dialect.ts";

const TITLE = "Grid Engine";

/** The exit code by which a job is run again. */
const AGAIN = 99;

function head(job: Job): readonly string[] {
  const { name, array, ranks = 1, cpus, gpus, memory, time, logs, also } = job;
  checkPlain(TITLE, job);
  const slots = ranks * cpus;
  const asked = askedLines(TITLE, job, {
    partition: (queue) => `-q ${queue}`,
    account: (project) => `-P ${project}`,
    "mail-user": (user) => `-M ${user}`,
  });
  const lines = [
    "-S /bin/bash",
    `-N ${name}`,
    ...(array ? [`-t 1-${array.count}`] : []),
    ...(array?.atOnce ? [`-tc ${array.atOnce}`] : []),
    ...(slots > 1 ? [`-pe ${ranks > 1 ? "mpi" : "smp"} ${slots}`] : []),
    ...(memory ? [`-l mem_free=${memory}M`] : []),
    ...(gpus ? [`-l gpu=${gpus}`] : []),
    `-l h_rt=${clockTime(time)},s_rt=${clockTime(time - NOTICE)}`,
    "-r y",
    "-j y",
    `-o ${logs}/`,
    ...asked,
    ...(also === undefined ? [] : [also]),
  ];
  return lines.map((line) => `#$ ${line}`);
}

/** Grid Engine: a job that exits with a certain code is run again. */
export const SGE: Dialect = {
  title: TITLE,
  submit: ["qsub"],
  head,
  index: "SGE_TASK_ID",
  again: () => [`exit ${AGAIN}`],
};
