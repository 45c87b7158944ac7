/**
 * `deno task experiment`: runs the experiment that the command line names.
 *
 * @module
 */
import { EXIT } from "../cli/command.ts";
import type { Attach } from "../run/attach.ts";
import { EXPERIMENTS } from "./catalogue/mod.ts";
import type { GridEvent } from "./events.ts";
import type { ExperimentValues } from "./plan.ts";
import { runExperiment } from "./run_experiment.ts";

/** Runs the experiment that the first argument names; returns the exit code. */
export async function experimentCommand(
  [name, ...args]: readonly string[],
  attach: readonly Attach<ExperimentValues, GridEvent>[] = [],
): Promise<number> {
  const experiment = EXPERIMENTS.find((each) => each.name === name);
  if (experiment) return await runExperiment(experiment, args, attach);
  const names = EXPERIMENTS.map((each) => each.name).join(", ");
  console.error(`experiment: expected one of ${names}, found ${name ?? "nothing"}`);
  return EXIT.usage;
}
