/**
 * What the environment says about the launcher of this process, such as mpirun or srun.
 *
 * @module
 */
import type { Family } from "./mpi/handles.ts";

/** A launcher that started this process as one of several. */
export interface Launcher {
  readonly name: string;
  /** The family of libraries whose processes it connects; undefined if it serves several. */
  readonly family: Family | undefined;
  /** This process's number, from 0. */
  readonly rank: number;
  /** The number of processes, if the launcher says. */
  readonly size: number | undefined;
}

/** A launcher's variables. */
interface Signed {
  readonly name: string;
  readonly family?: Family;
  /** The one that it always sets: the process's number. */
  readonly sign: string;
  /** Those of the number of processes. */
  readonly size: readonly string[];
}

/** Launchers, those first whose variables others set too. */
export const LAUNCHERS: readonly Signed[] = [
  {
    name: "mpirun of Open MPI",
    family: "openmpi",
    sign: "OMPI_COMM_WORLD_RANK",
    size: ["OMPI_COMM_WORLD_SIZE"],
  },
  {
    name: "srun",
    sign: "PMIX_RANK",
    size: ["SLURM_STEP_NUM_TASKS"],
  },
  {
    name: "mpirun of MPICH",
    family: "mpich",
    sign: "PMI_RANK",
    size: ["PMI_SIZE", "SLURM_STEP_NUM_TASKS"],
  },
];

/** Reads a variable; undefined if it is not set, or may not be read. */
export function readVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** The first of several variables that is an integer. */
function integerOf(names: readonly string[], read: typeof readVariable): number | undefined {
  const found = names.map(read).find((value) => value !== undefined && /^\d+$/.test(value));
  return found === undefined ? undefined : Number(found);
}

/** Sets variables that are not set, for libraries that this process loads; not those that it may not set. */
export function setDefaults(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    try {
      if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
    } catch {
      // It may not: the library's own default stays.
    }
  }
}

/** The launcher that started this process; undefined if it was started alone. */
export function findLauncher(read: typeof readVariable = readVariable): Launcher | undefined {
  const found = LAUNCHERS.find(({ sign }) => /^\d+$/.test(read(sign) ?? ""));
  return found && {
    name: found.name,
    family: found.family,
    rank: Number(read(found.sign)),
    size: integerOf(found.size, read),
  };
}
