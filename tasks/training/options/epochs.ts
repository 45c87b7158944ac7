/**
 * The options of the epochs: batches, images, loss, regularization, seed.
 *
 * @module
 */
import { MODEL_RECORDS } from "../../../src/models/registry.ts";
import { LOSSES, type LossName } from "../../../src/nn/mod.ts";
import { valuesByNet } from "../../models/values_by_net.ts";
import type { TaskName } from "../../run/settings.ts";
import { presetDefault } from "../presets.ts";
import { recipeOf } from "../recipes/fitnets.ts";
import type { Table } from "../../cli/option_table.ts";

/** The default dropout rates of the models, in words. */
const dropoutText = (): string => valuesByNet((name) => String(MODEL_RECORDS[name].dropout), "0");

/** What augmentation does, in words. */
function augmentHelp(task: TaskName): string {
  if (task === "pictures") {
    return "Augment training images: take random windows of --crop, and mirror half of them.";
  }
  const how = "Augment training images: shift them by up to 8 pixels and mirror them";
  return recipeOf(task).augments ? `${how}.` : `${how}; not available in this task.`;
}

/** The options of the epochs of a task. */
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
    subset: {
      kind: "integer",
      from: 1,
      help: "How many training images to use.",
      otherwise: "all",
    },
    "test-subset": {
      kind: "integer",
      from: 1,
      help: "How many test images to use.",
      otherwise: "all",
    },
    loss: {
      kind: "choice",
      choices: Object.keys(LOSSES) as readonly LossName[],
      default: "softmax",
      help:
        "The loss. Of classes: softmax cross-entropy, or a one-vs-all hinge (SVM), plain or squared. Of " +
        "labels that are numbers: mse, the mean squared error, used for them if none is given, or l1, the " +
        "mean absolute error; bce, binary cross-entropy, of several labels at once, each 0 or 1.",
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
      help: augmentHelp(task),
    },
    shift: {
      kind: "integer",
      from: 0,
      to: 1024,
      help: "With --augment: by how many pixels images are shifted at most; 0 only mirrors them.",
      otherwise: task === "pictures"
        ? "0, as the windows of --crop are shifted anyway"
        : "8, or 0 with --crop, whose windows are shifted anyway",
    },
    seed: {
      kind: "integer",
      from: 0,
      default: 0,
      help: "The seed of all random numbers: weights, the order of images, augmentation, dropout.",
    },
  } as const satisfies Table;
}
