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
}

/** A launcher, and the variable that it always sets. */
interface Signed {
  readonly name: string;
  readonly family?: Family;
  readonly sign: string;
}

/** Launchers, those first whose variables others set too. */
export const LAUNCHERS: readonly Signed[] = [
  {
    name: "mpirun of Open MPI",
    family: "openmpi",
    sign: "OMPI_COMM_WORLD_RANK",
  },
  {
    name: "srun",
    sign: "PMIX_RANK",
  },
  {
    name: "mpirun of MPICH",
    family: "mpich",
    sign: "PMI_RANK",
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

/** The launcher that started this process; undefined if it was started alone. */
export function findLauncher(read: typeof readVariable = readVariable): Launcher | undefined {
  const found = LAUNCHERS.find(({ sign }) => /^\d+$/.test(read(sign) ?? ""));
  return found && { name: found.name, family: found.family };
}
