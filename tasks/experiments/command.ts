/**
 * `deno task experiment`: runs the experiment that the command line names.
 *
 * @module
 */
import { closestString } from "../../src/closest_string.ts";
import { EXIT, reportErrors } from "../cli/command.ts";
import { formatHelp, type Page } from "../cli/help.ts";
import { OptionError } from "../cli/option_table.ts";
import type { Attach } from "../run/attach.ts";
import { EXPERIMENTS } from "./catalogue/mod.ts";
import type { GridEvent } from "./events.ts";
import type { ExperimentValues } from "./plan.ts";
import { runExperiment } from "./run_experiment.ts";

const NAMES = EXPERIMENTS.map(({ name }) => name);

const PAGE: Page = {
  command: "deno task experiment",
  about: "run an experiment: a grid of trainings, and its table beside the paper's numbers.",
  operands: { names: [["NAME", `One of ${NAMES.join(", ")}.`]], least: 1 },
  examples: [
    ["deno task experiment ablate:rate --quick", "A short version:"],
    ["deno task experiment ablate:rate --help", "The options of an experiment:"],
  ],
  notes: EXPERIMENTS.map(({ name, about }) => `${name}: ${about}`),
};

function unknownExperiment(name: string | undefined): never {
  const near = name === undefined ? undefined : closestString(name, NAMES);
  throw new OptionError(
    `expected one of ${NAMES.join(", ")}, found ${name ?? "nothing"}` +
      (near ? `; did you mean ${near}?` : ""),
  );
}

/** Runs the experiment that the first argument names; returns the exit code. */
export const experimentCommand = (
  [name, ...args]: readonly string[],
  attach: readonly Attach<ExperimentValues, GridEvent>[] = [],
): Promise<number> =>
  reportErrors("experiment", async () => {
    const experiment = EXPERIMENTS.find((each) => each.name === name);
    if (experiment) return await runExperiment(experiment, args, attach);
    if (name !== "--help" && name !== "-h") return unknownExperiment(name);
    console.log(formatHelp(PAGE, {}).trimEnd());
    return EXIT.done;
  });
