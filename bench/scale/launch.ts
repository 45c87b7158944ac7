/**
 * Starts measuring processes.
 *
 * @module
 */
import { denoRun } from "../../tasks/cli/mod.ts";
import { childRows } from "../child.ts";
import type { Answer, Request, Steps } from "./rank.ts";

const PROGRAM = new URL("./rank.ts", import.meta.url).pathname;

/** Open MPI runs neither as root nor with more processes than cores, unless told to. */
export const MPI_ENVIRONMENT = {
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_rmaps_base_oversubscribe: "1",
};

/** A command that starts processes, but for their number and what they run; and variables for it. */
export interface Launcher {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What so many processes measure together; one is started without a launcher. */
async function measureBy<A extends Answer>(
  { command, env }: Launcher,
  processes: number,
  request: Extract<Request, { kind: A["kind"] }>,
): Promise<A> {
  const deno = denoRun("measure", PROGRAM, JSON.stringify(request));
  const words = processes === 1 ? deno : [...command, "-n", `${processes}`, ...deno];
  const rows = await childRows(words, { ...MPI_ENVIRONMENT, ...env });
  return rows.at(-1) as unknown as A;
}

/** Sums over processes, as they measure them. */
export const measureSums = (launcher: Launcher, processes: number, sizes: readonly number[]) =>
  measureBy<Extract<Answer, { kind: "sums" }>>(launcher, processes, { kind: "sums", sizes });

/** Steps of processes, as they measure them. */
export const measureSteps = (
  launcher: Launcher,
  processes: number,
  request: Omit<Extract<Request, { kind: "steps" }>, "kind">,
) => measureBy<Steps>(launcher, processes, { kind: "steps", ...request });
