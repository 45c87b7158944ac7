/**
 * The help of an experiment, around its options.
 *
 * @module
 */
import type { Page } from "../cli/help.ts";
import { type Experiment, experimentCommandLine } from "./experiment.ts";

/** The help of an experiment. */
export function experimentPage(experiment: Experiment): Page {
  const command = experimentCommandLine(experiment);
  return {
    command,
    about: experiment.about,
    examples: [
      [`${command} --quick`, "A look at everything, in a minute:"],
      [`${command} --seeds 0,1,2`, "At a length that fits the device, with three seeds:"],
      [`${command} --paper --out results/paper`, "As long as the paper's runs:"],
    ],
    notes: [
      "The results' folder gets experiment.json, results.csv and in runs/ a folder for each run, as a " +
      "training task leaves it, with layers.csv beside it. See docs/experiments.md.",
      "An experiment that was ended by Ctrl-C or in any other way is resumed where it was when the same " +
      "command is given with the same --out. Seeds may be added.",
    ],
  };
}
