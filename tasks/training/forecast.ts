/**
 * Forecast of how long a training will take, from the speed of its own first steps: the only measure that
 * includes the net, the batch, the device and the machine's other load. It costs nothing, and as training
 * continues the remaining time is computed from the current speed in the same way.
 *
 * @module
 */
import type { ModelName } from "../../src/models/mod.ts";
import type { Progress } from "../../src/train/mod.ts";
import { netRecipe } from "./recipes/mod.ts";
import { type PresetChoice, presetValues } from "./presets.ts";
import { counted, grouped, roughly } from "../cli/format.ts";
import type { DatasetName } from "../datasets/registry.ts";
import type { TaskName } from "../run/settings.ts";

/** How much there is to train. */
export interface Extent {
  readonly batch: number;
  readonly epochs: number;
  /** The number of test images that it is evaluated on after each epoch. */
  readonly tested: number;
}

/** The cost of an image in a training step over its cost in an evaluation: the gradient is two more passes. */
const STEP_OVER_TEST = 3;

/** Seconds to the end of a training; undefined where no speed has been measured yet. */
export function secondsLeft(
  { step, steps, imagesPerSecond }: Progress,
  { batch, epochs, tested }: Extent,
): number | undefined {
  if (imagesPerSecond === 0) return undefined;
  const left = steps - step, tests = Math.ceil(epochs * left / steps);
  return (left * batch + tests * tested / STEP_OVER_TEST) / imagesPerSecond;
}

/**
 * Forecasts the duration of a training once, from its events: by the steps between the first two events
 * that have a speed, as the very first steps run in code that is still being optimized; or at the end of
 * the first epoch, whichever comes first.
 *
 * @param now The current time in milliseconds, for tests.
 */
export function forecaster(extent: Extent, now = () => performance.now()) {
  let from: { readonly step: number; readonly ms: number } | undefined, done = false;
  return (event: Progress & { readonly kind: string }): number | undefined => {
    if (done || event.imagesPerSecond === 0) return undefined;
    const { step } = event, ms = now(), ended = event.kind === "epoch";
    done = ended || from !== undefined;
    if (!done) from = { step, ms };
    const speed = ended || !from
      ? event.imagesPerSecond
      : (step - from.step) * extent.batch * 1000 /
        (ms - from.ms);
    return done ? secondsLeft({ ...event, imagesPerSecond: speed }, extent) : undefined;
  };
}

/** What the line that announces a training says. */
export interface Announced {
  readonly task: TaskName;
  readonly choice: PresetChoice;
  readonly net: ModelName;
  readonly dataset: DatasetName;
  /** Training images. */
  readonly images: number;
  readonly epochs: number;
  /** Whether it resumes an earlier run. */
  readonly resumed: boolean;
  /** The options that were given. */
  readonly given: ReadonlySet<string>;
}

/** What the other preset would train; nothing where the command line has chosen. */
function otherPreset({ task, choice: { preset }, net, dataset, given }: Announced): string {
  if (["preset", "resume", "epochs"].some((name) => given.has(name))) return "";
  const other = preset === "paper" ? "quick" : "paper", recipe = netRecipe(net, task, dataset);
  const usual = presetValues(task, other, dataset);
  if (!given.has("net")) {
    return `; --preset ${other} trains ${usual.net} for ${counted(usual.epochs, "epoch")}`;
  }
  if (!recipe) return "";
  const [epochs, init] = other === "paper" ? [recipe.epochs, recipe.init] : [usual.epochs, "lsuv"];
  return `; --preset ${other} trains it for ${counted(epochs, "epoch")} from ${init} weights`;
}

/** The preset, why it was chosen, its net and epochs, how long it will take, and the other preset. */
export function announcement(run: Announced, seconds: number): string {
  const { task, choice: { preset, why }, net, dataset, images, epochs, resumed } = run;
  const recipe = netRecipe(net, task, dataset) ? " by its own recipe" : "";
  return `preset ${preset} (${why}): ${net}${recipe}, ${counted(epochs, "epoch")} of ${
    grouped(images)
  } ` +
    `images, about ${roughly(seconds)}${resumed ? " to go" : ""}${otherPreset(run)}`;
}
