/**
 * The options that describe a net where its weights do not, its images and its loss.
 *
 * @module
 */
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { SHAPES } from "../../src/data/catalogue/shapes.ts";
import {
  activationText,
  MODEL_NAMES,
  MODEL_RECORDS,
  type ModelName,
} from "../../src/models/registry.ts";
import { LOSSES, type LossName, targetKind } from "../../src/nn/mod.ts";
import { DATASET_NAMES } from "../datasets/registry.ts";
import { DATA_FOLDER } from "../datasets/options.ts";
import { type Fields, pickFields } from "./fields.ts";
import { showSize } from "./model.ts";
import { NET_CHOICE, ownOptionTable } from "./net_options.ts";
import { valuesByNet } from "./values_by_net.ts";
import type { Section } from "../cli/help.ts";
import { OptionError, type Values } from "../cli/option_table.ts";

/** The input size of a model. */
const sizeText = (name: ModelName): string => showSize(MODEL_RECORDS[name].images);

/** The options of a net. */
export const NET_OPTIONS = {
  net: {
    kind: "choice",
    choices: MODEL_NAMES,
    help: "The network.",
  },
  ...ownOptionTable(({ default: usual }) => String(usual)),
  activation: { ...NET_CHOICE.activation, otherwise: activationText() },
  dropout: {
    kind: "number",
    from: 0,
    below: 1,
    help:
      "The dropout rate of training. Nothing is dropped here, but a rate of 0 leaves out the layers.",
    otherwise: "the net's",
  },
  classes: {
    kind: "integer",
    from: 1,
    help: "The number of classes.",
    otherwise: "10",
  },
  input: {
    kind: "text",
    value: "HEIGHTxWIDTHxCHANNELS",
    help: "The size of its input images, with 1 or 3 channels.",
    otherwise: valuesByNet(sizeText, sizeText(MODEL_NAMES[0]!)),
  },
} as const;

/** Where help pages list them. */
export const NET_SECTION: Section = {
  title: "A NET THAT IS NOT DESCRIBED",
  note:
    "A run's folder and a weights file of goodinit describe their net. For other files, and to " +
    "override that:",
  options: Object.keys(NET_OPTIONS),
};

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
    help:
      `The data set; ${PROCEDURAL.name} is images of ten shapes that a program draws, ${SHAPES.name} ` +
      "the same shapes alone.",
    otherwise: "the one that the net was trained on",
  },
} as const;

/** The losses of numbers and of several labels at once, or those of classes. */
export const lossesOf = (numbers: boolean): readonly LossName[] =>
  (Object.keys(LOSSES) as readonly LossName[]).filter((name) =>
    numbers === (targetKind(LOSSES[name]) !== "classes")
  );

/** The option that chooses the loss. */
export const LOSS_OPTION = {
  kind: "choice",
  choices: Object.keys(LOSSES) as readonly LossName[],
  help: "The loss whose mean is reported.",
  otherwise: "the one that the net was trained with",
} as const;
