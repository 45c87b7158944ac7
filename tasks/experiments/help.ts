/**
 * The help page of an experiment, except its options.
 *
 * @module
 */
import type { Page } from "../cli/help.ts";
import { type Experiment, experimentCommandLine } from "./experiment.ts";

/** The help page of an experiment. */
export function experimentPage(experiment: Experiment): Page {
  const command = experimentCommandLine(experiment);
  return {
    command,
    about: experiment.about,
    examples: [
      [`${command} --quick`, "A table that shows the effect, in a minute:"],
      [`${command} --seeds 0,1,2`, "At a length that fits the device, with three seeds:"],
      [`${command} --paper --out results/paper`, "As long as the paper's runs:"],
    ],
    notes: [
      "The results' folder contains experiment.json, results.csv, and in runs/ a folder for each run, as " +
      "a training task writes it, with layers.csv. See docs/experiments.md.",
      "An experiment that was interrupted, by Ctrl-C or otherwise, is resumed by the same command with the " +
      "same --out. Seeds may be added.",
    ],
  };
}
