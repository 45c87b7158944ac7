/**
 * An experiment that is small enough for tests, and as a process of its own: the arguments are a
 * description's changes as JSON, and the task's own.
 *
 * @module
 */
import type { Description } from "../../../tasks/experiments/description.ts";
import type { Experiment } from "../../../tasks/experiments/experiment.ts";
import { runExperiment } from "../../../tasks/experiments/run_experiment.ts";
import { attachLivePageToGrid } from "../../../tasks/live/attach.ts";

const SIZE = { epochs: 3, subset: 24, "test-subset": 20, batch: 4, net: "torchMnist" };

/** Two initializations by two activations, on a few images. */
export const SMALL: Description = {
  task: "ablate:small",
  title: "A small experiment",
  question: "Does everything work?",
  measure: "test accuracy %",
  trains: "mnist",
  options: { optimizer: "sgd" },
  lengths: { quick: SIZE, cpu: SIZE, gpu: SIZE, paper: { ...SIZE, epochs: 5 } },
  rows: [
    { name: "LSUV", options: { init: "lsuv" } },
    { name: "Xavier", options: { init: "xavier" } },
  ],
  columns: [
    { name: "ReLU", options: { activation: "relu" } },
    { name: "tanh", options: { activation: "tanh" } },
  ],
  paper: { LSUV: { ReLU: 90, tanh: "n/c" } },
  differs: ["it is small"],
};

/** The small experiment, or one that differs from it. */
export const small = (changes: Partial<Description> = {}): Experiment => ({
  name: "ablate:small",
  about: "a small experiment.",
  describe: () => ({ ...SMALL, ...changes }),
});

if (import.meta.main) {
  const [changes, ...args] = Deno.args as [string, ...string[]];
  Deno.exit(await runExperiment(small(JSON.parse(changes)), args, [attachLivePageToGrid]));
}
