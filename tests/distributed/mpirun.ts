/**
 * Starts programs as several processes, by the launchers that are installed.
 *
 * @module
 */
import { MPI_ENVIRONMENT } from "../../bench/scale/launch.ts";

/** What a launcher printed, and its exit code. */
export interface Launched {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Launchers by the name of their library's family. */
const LAUNCHERS = { openmpi: "mpirun.openmpi", mpich: "mpirun.mpich" } as const;

/** A family of MPI libraries. */
export type MpiName = keyof typeof LAUNCHERS;

const ENVIRONMENT = {
  ...MPI_ENVIRONMENT,
  OMPI_MCA_btl_vader_single_copy_mechanism: "none",
  NO_COLOR: "1",
};

const isInstalled = (command: string): boolean =>
  (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
    try {
      return Deno.statSync(`${folder}/${command}`).isFile;
    } catch {
      return false;
    }
  });

/**
 * Registers a test for each launcher; it is shown as ignored where that is not installed, and for another
 * reason if one is given.
 */
export function forEachMpi(
  name: string,
  test: (mpi: MpiName) => Promise<void>,
  reason?: string,
): void {
  for (const [mpi, command] of Object.entries(LAUNCHERS) as [MpiName, string][]) {
    const why = isInstalled(command) ? reason : `${command} is not installed`;
    const ignore = why !== undefined;
    Deno.test({ name: `${name} (${mpi}${why ? `: ${why}` : ""})`, ignore, fn: () => test(mpi) });
  }
}

/** The command that starts a program of Deno as several processes. */
export const mpirun = (mpi: MpiName, processes: number, args: readonly string[]): Deno.Command =>
  new Deno.Command(LAUNCHERS[mpi], {
    args: ["-n", `${processes}`, Deno.execPath(), "run", "-A", "--no-check", ...args],
    env: ENVIRONMENT,
    stdout: "piped",
    stderr: "piped",
  });

/** Runs a program of Deno as several processes. */
export async function launch(
  mpi: MpiName,
  processes: number,
  args: readonly string[],
): Promise<Launched> {
  const { code, stdout, stderr } = await mpirun(mpi, processes, args).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}
