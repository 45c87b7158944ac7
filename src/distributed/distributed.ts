/**
 * Joins the processes that a launcher started, if it did.
 *
 * @module
 */
import { findLauncher, readVariable } from "./launcher.ts";
import { findLibrary } from "./mpi/library.ts";
import { joinProcesses } from "./mpi/processes.ts";
import type { Distributed } from "./types.ts";

/** Options of {@linkcode distributed}. */
export interface DistributedOptions {
  /** `mpi` to require a launcher, `none` for this process alone; what the environment says if left out. */
  readonly by?: "mpi" | "none";
}

/** This process alone: reductions and broadcasts leave data as they are. */
const alone = (): Distributed => ({
  rank: 0,
  size: 1,
  localRank: 0,
  localSize: 1,
  machines: 1,
  description: "one process",
  allReduce() {},
  startAllReduce: () => ({ test: () => true, wait() {} }),
  broadcast() {},
  barrier() {},
  abort: (code = 1) => Deno.exit(code),
  [Symbol.dispose]() {},
});

let joined: Distributed | undefined;

/**
 * The processes that a launcher such as `mpirun -n 4` started; this process alone if none did. Open MPI,
 * MPICH and libraries with MPICH's binary interface, and those of MPI 5's, are found by name, or by the
 * variable `GOODINIT_MPI`, through Deno's foreign functions (`--allow-ffi`).
 *
 * A process can join a job once: later calls return the same.
 *
 * @throws Error if a launcher is there but no library, with how to install one, and with `by: "mpi"` if no
 * launcher is there.
 *
 * @example The mean of a number over all processes
 * ```ts
 * import { distributed } from "@goodinit/goodinit";
 *
 * using job = await distributed();
 * const mine = new Float32Array([job.rank]);
 * job.allReduce(mine);
 * console.log(`process ${job.rank} of ${job.size}: mean rank ${mine[0]! / job.size}`);
 * ```
 */
export async function distributed({ by }: DistributedOptions = {}): Promise<Distributed> {
  if (by !== undefined && by !== "mpi" && by !== "none") {
    throw new RangeError(`distributed: expected by to be mpi or none, found ${by}`);
  }
  await Promise.resolve();
  if (by === "none") return alone();
  if (joined) return joined;
  const launcher = findLauncher();
  if (launcher?.size === 1 && by !== "mpi") return alone();
  if (launcher) {
    return joined = joinProcesses(
      findLibrary(readVariable("GOODINIT_MPI"), launcher.family),
      launcher,
    );
  }
  if (by !== "mpi") return alone();
  throw new Error(
    "distributed: expected a process that mpirun or srun started, found none of their variables in " +
      "the environment",
  );
}
