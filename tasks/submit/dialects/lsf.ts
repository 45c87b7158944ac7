/**
 * Job scripts of IBM Spectrum LSF.
 *
 * @module
 */
import { type Job, NOTICE } from "../job.ts";
import { askedLines, checkPlain, type Dialect } from "./dialect.ts";

const TITLE = "LSF";

/** The exit code by which a job is run again. */
const AGAIN = 99;

/** `h:mm`. */
const hours = (seconds: number): string =>
  `${Math.floor(seconds / 3600)}:${String(Math.ceil(seconds / 60) % 60).padStart(2, "0")}`;

function head(job: Job): readonly string[] {
  const { name, array, ranks = 1, cpus, gpus, memory, time, logs, also } = job;
  checkPlain(TITLE, job);
  const limit = array?.atOnce ? `%${array.atOnce}` : "";
  const asked = askedLines(TITLE, job, {
    partition: (queue) => `-q ${queue}`,
    account: (project) => `-P ${project}`,
    nodelist: (hosts) => `-m "${hosts.replaceAll(",", " ")}"`,
    "mail-user": (user) => `-u ${user}`,
  });
  const lines = [
    `-J "${name}${array ? `[1-${array.count}]${limit}` : ""}"`,
    `-n ${ranks * cpus}`,
    `-R "span[ptile=${cpus}]"`,
    ...(memory ? [`-R "rusage[mem=${memory}MB]"`] : []),
    ...(gpus ? [`-gpu "num=${gpus}"`] : []),
    `-W ${hours(time)}`,
    `-wa USR1 -wt ${NOTICE / 60}`,
    "-r",
    `-Q ${AGAIN}`,
    `-o ${logs}/%J_%I.out`,
    ...asked,
    ...(also === undefined ? [] : [also]),
  ];
  return lines.map((line) => `#BSUB ${line}`);
}

/** LSF: a job that exits with a certain code is run again. */
export const LSF: Dialect = {
  title: TITLE,
  submit: ["bsub"],
  head,
  index: "LSB_JOBINDEX",
  again: () => [`exit ${AGAIN}`],
};
