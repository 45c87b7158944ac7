/**
 * The options of what happens in an epoch: images, loss, regularization, seed.
 *
 * @module
 */
import { MODEL_NAMES, MODEL_RECORDS } from "../../../src/models/registry.ts";
import { LOSSES, type LossName } from "../../../src/nn/mod.ts";
import type { TaskName } from "../../run/settings.ts";
import { presetDefault } from "../presets.ts";
import { recipeOf } from "../recipes.ts";
import type { Table } from "../../cli/option_table.ts";

/** The dropout rates of the models that have one, in words. */
function dropoutText(): string {
  const rates = MODEL_NAMES.map((name) => [name, MODEL_RECORDS[name].dropout] as const);
  const own = rates.filter(([, rate]) => rate > 0).map(([name, rate]) => `${rate} for ${name}`);
  return [...own, "else 0"].join(", ");
}

/** What is trained on, how often, towards what. */
export function epochOptions(task: TaskName) {
  const { batch, augments } = recipeOf(task);
  return {
    batch: { kind: "integer", from: 1, default: batch, help: "The batch size." },
    epochs: {
      kind: "integer",
      from: 1,
      help: "Passes over all training images.",
      otherwise: presetDefault(task, "epochs"),
    },
    subset: { kind: "integer", from: 1, help: "Train on so many images only.", otherwise: "all" },
    "test-subset": {
      kind: "integer",
      from: 1,
      help: "Test on so many images only.",
      otherwise: "all",
    },
    loss: {
      kind: "choice",
      choices: Object.keys(LOSSES) as readonly LossName[],
      default: "softmax",
      help: "The loss: softmax cross-entropy, or a one-vs-all hinge (SVM).",
    },
    dropout: {
      kind: "number",
      from: 0,
      below: 1,
      help: "The rate of every dropout layer, 0 for none.",
      otherwise: dropoutText(),
    },
    augment: {
      kind: "flag",
      default: augments,
      help: "Whether training images are augmented: shifted by up to 8 pixels and mirrored" +
        (augments ? "." : "; this task has no such recipe."),
    },
    seed: {
      kind: "integer",
      from: 0,
      default: 0,
      help: "The seed of all that is random: weights, the order of images, augmentation, dropout.",
    },
  } as const satisfies Table;
}
