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
  /** This process's number among those of its machine, if the launcher says. */
  readonly localRank: number | undefined;
  /** The processes on this machine, if the launcher says. */
  readonly localSize: number | undefined;
}

/** A launcher's variables: the one that it always sets, and those of the numbers. */
interface Variables {
  readonly name: string;
  readonly family?: Family;
  readonly sign: string;
  readonly localRank: readonly string[];
  readonly localSize: readonly string[];
}

/** Launchers, those first whose variables others set too. */
export const LAUNCHERS: readonly Variables[] = [
  {
    name: "mpirun of Open MPI",
    family: "openmpi",
    sign: "OMPI_COMM_WORLD_RANK",
    localRank: ["OMPI_COMM_WORLD_LOCAL_RANK"],
    localSize: ["OMPI_COMM_WORLD_LOCAL_SIZE"],
  },
  {
    name: "srun",
    sign: "PMIX_RANK",
    localRank: ["SLURM_LOCALID"],
    localSize: ["SLURM_NTASKS_PER_NODE"],
  },
  {
    name: "mpirun of MPICH",
    family: "mpich",
    sign: "PMI_RANK",
    localRank: ["MPI_LOCALRANKID", "MV2_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"],
    localSize: ["MPI_LOCALNRANKS", "MV2_COMM_WORLD_LOCAL_SIZE"],
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

/** The launcher that started this process; undefined if it was started alone. */
export function findLauncher(read: typeof readVariable = readVariable): Launcher | undefined {
  const found = LAUNCHERS.find(({ sign }) => /^\d+$/.test(read(sign) ?? ""));
  return found && {
    name: found.name,
    family: found.family,
    localRank: integerOf(found.localRank, read),
    localSize: integerOf(found.localSize, read),
  };
}
