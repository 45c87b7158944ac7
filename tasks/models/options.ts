/**
 * The options that say what a net is, where its weights do not, what computes, and on which images.
 *
 * @module
 */
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { ACTIVATIONS, MODELS } from "../../src/models/mod.ts";
import { LOSSES, type LossName } from "../../src/nn/mod.ts";
import { OptionError, type Values } from "../cli/options.ts";
import { DATASET_NAMES } from "../datasets/registry.ts";
import { trainTable } from "../training/train_options.ts";
import { type Fields, fieldsIn } from "./fields.ts";

const { blocks, data, device, threads } = trainTable("cifar");
const SAVED = "what the weights or their manifest say";

/** The options of a net. */
export const NET_OPTIONS = {
  net: {
    kind: "choice",
    choices: Object.keys(MODELS),
    help: "The network.",
    otherwise: SAVED,
  },
  blocks: { ...blocks, otherwise: `${SAVED}, else 5-6-6` },
  activation: {
    kind: "choice",
    choices: ACTIVATIONS,
    help: "What follows each layer.",
    otherwise: `${SAVED}, else maxout`,
  },
  dropout: {
    kind: "number",
    from: 0,
    below: 1,
    help:
      "The rate of dropout in training. Nothing is dropped now, but layers are counted with it.",
    otherwise: `${SAVED}, else the network's own`,
  },
  classes: {
    kind: "integer",
    from: 1,
    help: "How many classes it tells apart.",
    otherwise: `${SAVED}, else 10`,
  },
  input: {
    kind: "text",
    value: "HEIGHTxWIDTHxCHANNELS",
    help: "The size of its images, of 1 or 3 channels.",
    otherwise: `${SAVED}, else 28x28x1 for fitnetMnist and 32x32x3 for the others`,
  },
} as const;

/** What the options say of a net; others are left out. */
export function netFieldsOf(values: Values<typeof NET_OPTIONS>): Fields {
  const { net, blocks, activation, dropout, classes, input } = values;
  if (input === undefined || /^\d+x\d+x[13]$/.test(input)) {
    return fieldsIn({ net, blocks, activation, dropout, classes, input });
  }
  throw new OptionError(
    `--input: expected HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, such as 32x32x3, found ${input}`,
  );
}

/** What computes. */
export const DEVICE_OPTIONS = { device, threads } as const;

/** Where images come from. */
export const DATA_OPTIONS = {
  data,
  dataset: {
    kind: "choice",
    choices: DATASET_NAMES,
    help: `The data set; ${PROCEDURAL.name} is images of ten shapes that a program draws.`,
    otherwise: "the one that the net was trained on",
  },
} as const;

/** The loss. */
export const LOSS_OPTION = {
  kind: "choice",
  choices: Object.keys(LOSSES) as readonly LossName[],
  help: "The loss whose mean is told.",
  otherwise: "the one that the net was trained by",
} as const;
