/**
 * A model from the strings of a weights file, a manifest or a command line.
 *
 * @module
 */
import { ACTIVATIONS } from "../../src/models/mod.ts";
import {
  defaultActivation,
  MODEL_NAMES,
  MODEL_RECORDS,
  ownOptions,
  type OwnValues,
} from "../../src/models/registry.ts";
import { LOSSES, type LossName } from "../../src/nn/mod.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import {
  DATASET_NAMES,
  datasetFacts,
  type DatasetName,
  paperDataset,
} from "../datasets/registry.ts";
import { PREPROCESSINGS } from "../datasets/preparations.ts";
import {
  choice,
  decodeNumbers,
  integer,
  integerTo,
  parseNames,
  parseSizes,
  positive,
  rate,
} from "./field_values.ts";
import { MOST_OWN } from "../run/settings.ts";
import type { Fields } from "./fields.ts";
import type { ModelSpec } from "./model.ts";

const LOSS_NAMES = Object.keys(LOSSES) as readonly LossName[];

/** Decodes a field from its name and its string. */
type Read<T> = (name: string, text: string) => T;

const oneOf = <T extends string>(choices: readonly T[]): Read<T> => (name, text) =>
  choice(name, text, choices);

/** Decodes fields; undefined where there is none. */
const reader = (fields: Fields) => <T>(name: keyof Fields, read: Read<T>): T | undefined => {
  const text = fields[name];
  return text === undefined ? undefined : read(name, text);
};

type Reader = ReturnType<typeof reader>;

function parseNet(field: Reader): ModelSpec["net"] {
  const net = field("net", oneOf(MODEL_NAMES));
  if (net !== undefined) return net;
  throw new TaskError(
    `net: expected the name of a net, found none; give --net ${MODEL_NAMES.join(", ")}, ` +
      "and --activation unless it is the net's own",
  );
}

/** The options that only the net's model has; its defaults where none are given. */
const parseOwn = (field: Reader, net: ModelSpec["net"]): OwnValues =>
  Object.fromEntries(
    ownOptions(net).map(([name, option]) => {
      const read: Read<string | number> = "from" in option
        ? integerTo(MOST_OWN)
        : oneOf(option.choices);
      return [name, field(name, read) ?? option.default];
    }),
  );

/** The number of classes where none is given: the data set's, else 10. */
const usualClasses = (dataset: DatasetName | undefined): number =>
  (dataset && datasetFacts(dataset).classNames?.length) ?? 10;

/** The names of a data set's classes, where it has as many. */
function namesOf(dataset: DatasetName, classes: number): readonly string[] | undefined {
  const { classNames } = datasetFacts(dataset);
  return classNames?.length === classes ? classNames : undefined;
}

/** The size of images where none is given: the data set's, else the model's default. */
const usualSizes = (net: ModelSpec["net"], dataset: DatasetName | undefined): ImageSize =>
  (dataset && datasetFacts(dataset).shape) ?? MODEL_RECORDS[net].images;

/**
 * A model from strings; defaults are those of the training tasks. Throws a {@linkcode TaskError} on an
 * invalid string, and where the net is not named.
 */
export function parseModel(fields: Fields): ModelSpec {
  const field = reader(fields), net = parseNet(field);
  const named = field("dataset", oneOf(DATASET_NAMES));
  const size = field("input", (_, text) => parseSizes(text)) ?? usualSizes(net, named);
  const { channels } = size;
  const classes = field("classes", integer) ?? usualClasses(named);
  const frame = field("frame", (_, text) => parseSizes(text)), seen = frame ?? size;
  const pixelScale = field("pixelScale", positive);
  const whitening = field("whitening", (_, text) => text);
  const dataset = named ?? paperDataset(channels, classes);
  const classNames = field("classNames", (_, text) => parseNames(text)) ??
    namesOf(dataset, classes);
  return {
    net,
    activation: field("activation", oneOf(ACTIVATIONS)) ?? defaultActivation(net),
    ...parseOwn(field, net),
    dropout: field("dropout", rate),
    classes,
    ...(classNames && { classNames }),
    ...size,
    ...(frame && { frame }),
    ...(pixelScale !== undefined && { pixelScale }),
    preprocessing: field("preprocessing", oneOf(PREPROCESSINGS)) ??
      (channels === 1 ? "scale" : "contrast"),
    ...(whitening && { whitening }),
    loss: field("loss", oneOf(LOSS_NAMES)) ?? "softmax",
    dataset,
    subset: field("subset", integer),
    mean: field("mean", (_, text) => decodeNumbers(text, seen.height * seen.width * channels)),
  };
}
