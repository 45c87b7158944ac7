/**
 * `deno task ablate:…` and `deno task repro:…`: the experiment that the first argument names.
 *
 * @module
 */
import { EXPERIMENTS } from "./experiments/catalogue/mod.ts";
import { runExperiment } from "./experiments/run_experiment.ts";
import { attachLivePageToGrid } from "./live/attach.ts";

if (import.meta.main) {
  const [name, ...args] = Deno.args;
  const experiment = EXPERIMENTS.find((each) => each.name === name);
  if (!experiment) {
    const names = EXPERIMENTS.map((each) => each.name).join(", ");
    console.error(`experiment: expected one of ${names}, found ${name ?? "nothing"}`);
    Deno.exit(2);
  }
  Deno.exit(await runExperiment(experiment, args, attachLivePageToGrid));
}
