/**
 * The options of `deno task submit`.
 *
 * @module
 */
import type { Table, Values } from "../cli/option_table.ts";
import { SCHEDULER_NAMES } from "./dialects/mod.ts";

/** Options that a scheduler has itself, under these names or others. */
const ASKED = {
  partition: { kind: "text", value: "NAME", help: "The partition, or the queue." },
  account: { kind: "text", value: "NAME", help: "The account, or the project." },
  qos: { kind: "text", value: "NAME", help: "Slurm's quality of service." },
  constraint: { kind: "text", value: "LIST", help: "The features that Slurm's nodes must have." },
  gres: { kind: "text", value: "LIST", help: "Slurm's generic resources, such as gpu:a100:1." },
  nodelist: { kind: "text", value: "LIST", help: "The nodes that may be used." },
  exclude: { kind: "text", value: "LIST", help: "The nodes that Slurm must not use." },
  reservation: { kind: "text", value: "NAME", help: "A reservation of Slurm's." },
  dependency: { kind: "text", value: "LIST", help: "The jobs that Slurm waits for." },
  "mail-user": { kind: "text", value: "USER", help: "Who is sent mail." },
  "mail-type": { kind: "text", value: "LIST", help: "What Slurm sends mail about." },
} as const satisfies Table;

/** The names of options that a scheduler has itself. */
export const ASKED_NAMES = Object.keys(ASKED) as readonly (keyof typeof ASKED)[];

/** The options of `deno task submit`, which stand before the task. */
export const SUBMIT_OPTIONS = {
  now: {
    kind: "flag",
    default: false,
    help: "Submit the script, rather than print it. May also stand at the end.",
  },
  scheduler: {
    kind: "choice",
    choices: SCHEDULER_NAMES,
    default: "slurm",
    help: "The scheduler: Slurm, PBS, LSF or Grid Engine.",
  },
  array: {
    kind: "integer",
    from: 1,
    help: "How many jobs share the runs of an experiment; never more than there are runs.",
    otherwise: "one for each run, 1,000 at most",
  },
  "at-once": {
    kind: "integer",
    from: 1,
    help: "How many of them may run at once.",
    otherwise: "as many as the scheduler lets",
  },
  "cpus-per-task": {
    kind: "integer",
    from: 1,
    help: "The processors of each job, on which a run has as many threads.",
    otherwise: "4, or as many as a node of the partition has",
  },
  "gpus-per-task": {
    kind: "integer",
    from: 1,
    help:
      "The GPUs of each job. Runs are then on webgpu, unless --device of the task says otherwise.",
    otherwise: "none",
  },
  mem: {
    kind: "text",
    value: "SIZE",
    help: "The memory of each job, such as 4G.",
    otherwise: "one and a half times what measuring took",
  },
  time: {
    kind: "text",
    value: "TIME",
    help:
      "The time of each job: 90 (minutes), 1:30:00 or 1-12:00:00. A job whose time is up is run again, and " +
      "goes on from its checkpoint.",
    otherwise:
      "twice a forecast, for which a few steps of each kind of run are trained on this machine",
  },
  ranks: {
    kind: "integer",
    from: 1,
    help: "How many processes train one net together, by MPI; for training tasks only.",
    otherwise: "one",
  },
  launcher: {
    kind: "choice",
    choices: ["srun", "mpirun"],
    help:
      "What starts these processes. mpirun asks the scheduler for the nodes; srun needs a Slurm that knows the " +
      "MPI library (--mpi).",
    otherwise: "mpirun, and srun with --mpi",
  },
  mpi: {
    kind: "text",
    value: "TYPE",
    help: "How srun starts them: one of what srun --mpi=list says, such as pmix.",
    otherwise: "with --launcher srun, the cluster's default",
  },
  name: { kind: "text", value: "NAME", help: "The job's name.", otherwise: "the task's" },
  logs: {
    kind: "path",
    value: "DIR",
    help: "The folder of what jobs print, and of the submitted script.",
    otherwise: "the folder of results with the scheduler's name behind it",
  },
  ...ASKED,
  also: {
    kind: "text",
    value: "LINE",
    help: 'Further options in the scheduler\'s own words, such as --also="--exclusive --nice=10".',
  },
} as const satisfies Table;

/** The values of these options. */
export type SubmitValues = Values<typeof SUBMIT_OPTIONS>;
