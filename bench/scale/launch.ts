/**
 * Starts measuring processes.
 *
 * @module
 */
import { denoRun } from "../../tasks/cli/mod.ts";
import { childRows } from "../child.ts";
import type { Answer, Request } from "./rank.ts";

const PROGRAM = new URL("./rank.ts", import.meta.url).pathname;

/** Open MPI runs neither as root nor with more processes than cores, unless told to. */
export const MPI_ENVIRONMENT = {
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_rmaps_base_oversubscribe: "1",
};

/** What so many processes measure together; one is started without a launcher. */
export async function measureBy(
  mpirun: readonly string[],
  processes: number,
  request: Request,
): Promise<Answer> {
  const deno = denoRun("measure", PROGRAM, JSON.stringify(request));
  const command = processes === 1 ? deno : [...mpirun, "-n", `${processes}`, ...deno];
  const rows = await childRows(command, MPI_ENVIRONMENT);
  return rows.at(-1) as unknown as Answer;
}
