/**
 * The options that describe a net where its weights do not, its images and its loss.
 *
 * @module
 */
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { activationText, MODEL_NAMES, MODEL_RECORDS } from "../../src/models/registry.ts";
import { LOSSES, type LossName, targetKind } from "../../src/nn/mod.ts";
import { DATASET_NAMES } from "../datasets/registry.ts";
import { DATA_FOLDER } from "../datasets/options.ts";
import { type Fields, pickFields } from "./fields.ts";
import { showSize } from "./model.ts";
import { NET_CHOICE, ownOptionTable } from "./net_options.ts";
import { OptionError, type Values } from "../cli/option_table.ts";

const SAVED = "as in the weights file or its manifest";

/** The default input sizes of the models, in words. */
function sizesText(): string {
  const sizes = MODEL_NAMES.map((name) => [name, showSize(MODEL_RECORDS[name].images)] as const);
  const [[, usual]] = sizes as unknown as readonly [readonly [string, string]];
  const others = sizes.filter(([, size]) => size !== usual);
  return [...others.map(([name, size]) => `${size} for ${name}`), `${usual} for the others`]
    .join(" and ");
}

/** The options of a net. */
export const NET_OPTIONS = {
  net: {
    kind: "choice",
    choices: MODEL_NAMES,
    help: "The network.",
    otherwise: SAVED,
  },
  ...ownOptionTable(({ default: usual }) => `${SAVED}, else ${usual}`),
  activation: { ...NET_CHOICE.activation, otherwise: `${SAVED}, else ${activationText()}` },
  dropout: {
    kind: "number",
    from: 0,
    below: 1,
    help:
      "The dropout rate of training. Nothing is dropped here, but a rate of 0 leaves out the layers.",
    otherwise: `${SAVED}, else the network's default`,
  },
  classes: {
    kind: "integer",
    from: 1,
    help: "The number of classes.",
    otherwise: `${SAVED}, else 10`,
  },
  input: {
    kind: "text",
    value: "HEIGHTxWIDTHxCHANNELS",
    help: "The size of its input images, with 1 or 3 channels.",
    otherwise: `${SAVED}, else ${sizesText()}`,
  },
} as const;

/** The values of these options that were given. */
export function givenFields(values: Values<typeof NET_OPTIONS>): Fields {
  const { input } = values;
  if (input === undefined || /^\d+x\d+x[13]$/.test(input)) {
    const names = Object.keys(NET_OPTIONS) as (keyof typeof NET_OPTIONS)[];
    return pickFields(Object.fromEntries(names.map((name) => [name, values[name]])));
  }
  throw new OptionError(
    `--input: expected HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, such as 32x32x3, found ${input}`,
  );
}

/** The options that choose the images. */
export const DATA_OPTIONS = {
  data: DATA_FOLDER,
  dataset: {
    kind: "choice",
    choices: DATASET_NAMES,
    help: `The data set; ${PROCEDURAL.name} is images of ten shapes that a program draws.`,
    otherwise: "the one that the net was trained on",
  },
} as const;

/** The option that chooses the loss. */
export const LOSS_OPTION = {
  kind: "choice",
  choices: (Object.keys(LOSSES) as readonly LossName[]).filter((name) =>
    targetKind(LOSSES[name]) === "classes"
  ),
  help: "The loss whose mean is reported.",
  otherwise: "the one that the net was trained with",
} as const;
