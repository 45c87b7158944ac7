/**
 * All schedulers.
 *
 * @module
 */
import type { Dialect } from "./dialect.ts";
import { LSF } from "./lsf.ts";
import { PBS } from "./pbs.ts";
import { SGE } from "./sge.ts";
import { SLURM } from "./slurm.ts";

export type { Dialect };

/** Schedulers by their names on the command line. */
export const DIALECTS = { slurm: SLURM, pbs: PBS, lsf: LSF, sge: SGE } as const;

/** The name of a scheduler. */
export type SchedulerName = keyof typeof DIALECTS;

/** The names of all schedulers. */
export const SCHEDULER_NAMES = Object.keys(DIALECTS) as readonly SchedulerName[];
