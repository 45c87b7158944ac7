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
  for (const mpi of Object.keys(LAUNCHERS) as MpiName[]) registerTest(mpi, name, test, reason);
}

/** Registers a test for the launcher that is installed, the first of several. */
export function forOneMpi(name: string, test: (mpi: MpiName) => Promise<void>): void {
  const all = Object.keys(LAUNCHERS) as MpiName[];
  registerTest(all.find((mpi) => isInstalled(LAUNCHERS[mpi])) ?? all[0]!, name, test);
}

function registerTest(
  mpi: MpiName,
  name: string,
  test: (mpi: MpiName) => Promise<void>,
  reason?: string,
): void {
  const command = LAUNCHERS[mpi];
  const why = isInstalled(command) ? reason : `${command} is not installed`;
  const ignore = why !== undefined;
  Deno.test({ name: `${name} (${mpi}${why ? `: ${why}` : ""})`, ignore, fn: () => test(mpi) });
}

const start = (mpi: MpiName, args: readonly string[]): Deno.Command =>
  new Deno.Command(LAUNCHERS[mpi], {
    args: [...args],
    env: ENVIRONMENT,
    stdout: "piped",
    stderr: "piped",
  });

/** The command that starts a program of Deno as several processes. */
export const mpirun = (mpi: MpiName, processes: number, args: readonly string[]): Deno.Command =>
  start(mpi, ["-n", `${processes}`, Deno.execPath(), "run", "-A", "--no-check", ...args]);

/**
 * The command that starts a task as several processes, with the permissions that it has; `last` has options
 * that the last process has besides, in place of the one before.
 */
export function mpirunTask(
  mpi: MpiName,
  processes: number,
  args: readonly string[],
  last: readonly string[] = [],
): Deno.Command {
  const task = [Deno.execPath(), "task", "--quiet", ...args];
  const others = last.length > 0 ? processes - 1 : processes;
  const other = last.length > 0 ? [":", "-n", "1", ...task, ...last] : [];
  return start(mpi, ["-n", `${others}`, ...task, ...other]);
}

/** What a command printed in the end. */
export async function launched(command: Deno.Command): Promise<Launched> {
  const { code, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** Runs a program of Deno as several processes. */
export const launch = (
  mpi: MpiName,
  processes: number,
  args: readonly string[],
): Promise<Launched> => launched(mpirun(mpi, processes, args));
