/**
 * A model as the texts that a weights file and a manifest hold, and back.
 *
 * @module
 */
import { ACTIVATIONS } from "../../src/models/mod.ts";
import {
  MODEL_NAMES,
  MODEL_RECORDS,
  type OwnOptionName,
  ownOptions,
  type OwnValues,
} from "../../src/models/models.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { TaskError } from "../cli/command.ts";
import { closestString } from "../../src/closest_string.ts";
import {
  DATASET_NAMES,
  datasetFacts,
  type DatasetName,
  paperDataset,
} from "../datasets/registry.ts";
import { type ModelSpec, showSize } from "./model.ts";

/** The options that models have for themselves. */
const OWN: readonly OwnOptionName[] = ownOptions().map(([name]) => name);

/** The names of the texts. */
export const FIELDS = [
  "net",
  ...OWN,
  "activation",
  "dropout",
  "classes",
  "classNames",
  "input",
  "preprocessing",
  "loss",
  "dataset",
  "subset",
  "mean",
] as const;

/** Texts by {@linkcode FIELDS}. */
export type Fields = { readonly [K in (typeof FIELDS)[number]]?: string };

/** Whichever fields a record has, as texts. */
export const pickFields = (record: Readonly<Record<string, unknown>>): Fields =>
  Object.fromEntries(
    FIELDS.filter((name) => record[name] !== undefined && record[name] !== null)
      .map((name) => [name, String(record[name])]),
  );

/** A model as texts. */
export const modelFields = (model: ModelSpec): Fields =>
  pickFields({
    ...model,
    input: showSize(model),
    classNames: model.classNames && JSON.stringify(model.classNames),
    mean: model.mean && encodeNumbers(model.mean),
  });

/** Numbers as base64 of their little-endian bytes. */
function encodeNumbers(numbers: Float32Array<ArrayBuffer>): string {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((number, i) => view.setFloat32(4 * i, number, true));
  return new Uint8Array(view.buffer).toBase64();
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return undefined;
  }
}

function decodeNumbers(text: string, count: number): Float32Array<ArrayBuffer> {
  const bytes = decodeBytes(text);
  if (bytes?.length !== 4 * count) {
    throw new TaskError(
      `mean: expected ${4 * count} bytes in base64, found ${bytes?.length ?? "another text"}`,
    );
  }
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
}

function choice<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === text);
  if (found) return found;
  const near = closestString(text, choices);
  throw new TaskError(
    `${name}: expected one of ${choices.join(", ")}, found ${text}` +
      (near ? `; did you mean ${near}?` : ""),
  );
}

function number(name: string, text: string, fits: (value: number) => boolean, what: string) {
  const value = text.trim() === "" ? NaN : Number(text);
  if (fits(value)) return value;
  throw new TaskError(`${name}: expected ${what}, found ${text || "nothing"}`);
}

const integer = (name: string, text: string): number =>
  number(
    name,
    text,
    (n) => Number.isSafeInteger(n) && n >= 1,
    `an integer from 1 to ${Number.MAX_SAFE_INTEGER}`,
  );

const rate = (name: string, text: string): number =>
  number(name, text, (n) => n >= 0 && n < 1, "a rate from 0 to below 1");

/** Sizes of an image from a text such as `32x32x3`. */
function parseSizes(text: string): ImageSize {
  const sizes = text.split(/[x×]/).map(Number);
  const fits = sizes.length === 3 && sizes.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (fits && [1, 3].includes(sizes[2]!)) {
    return { height: sizes[0]!, width: sizes[1]!, channels: sizes[2]! };
  }
  throw new TaskError(
    `input: expected HEIGHTxWIDTHxCHANNELS with 1 or 3 channels, such as 32x32x3, found ${text}`,
  );
}

/** Names of classes from a list in JSON. */
function parseNames(text: string): readonly string[] {
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch {
    names = undefined;
  }
  if (Array.isArray(names) && names.every((name) => typeof name === "string")) return names;
  throw new TaskError(`classNames: expected a list of texts in JSON, found ${text}`);
}

const keys = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

/** How many classes a data set has, where nothing else says it. */
const usualClasses = (dataset: DatasetName | undefined): number =>
  (dataset && datasetFacts(dataset).classNames?.length) ?? 10;

/** Sizes of images where nothing says them: a data set's, else those the net was made for. */
const usualSizes = (net: ModelSpec["net"], dataset: DatasetName | undefined): ImageSize =>
  (dataset && datasetFacts(dataset).shape) ?? MODEL_RECORDS[net].images;

/**
 * A model from texts; what they leave out is as in the training tasks. Throws a
 * {@linkcode TaskError} on a text that is not as it must be, and where the net is not named.
 */
export function parseModel(fields: Fields): ModelSpec {
  const { net: netText } = fields;
  if (netText === undefined) {
    throw new TaskError(
      `net: expected the name of a net, found none; give --net ${MODEL_NAMES.join(", ")}, ` +
        "and --activation unless it is maxout",
    );
  }
  const field = <T>(name: keyof Fields, read: (name: string, text: string) => T) => {
    const text = fields[name];
    return text === undefined ? undefined : read(name, text);
  };
  const oneOf = <T extends string>(choices: readonly T[]) => (name: string, text: string) =>
    choice(name, text, choices);
  const net = choice("net", netText, MODEL_NAMES);
  const named = field("dataset", oneOf(DATASET_NAMES));
  const size = field("input", (_, text) => parseSizes(text)) ?? usualSizes(net, named);
  const classes = field("classes", integer) ?? usualClasses(named);
  const dataset = named ?? paperDataset(size.channels, classes);
  return {
    net,
    activation: field("activation", oneOf(ACTIVATIONS)) ?? "maxout",
    ...Object.fromEntries(
      ownOptions(net).map(([name, { choices, default: usual }]) => [
        name,
        field(name, oneOf(choices)) ?? usual,
      ]),
    ) as OwnValues,
    dropout: field("dropout", rate),
    classes,
    ...(fields.classNames === undefined ? {} : { classNames: parseNames(fields.classNames) }),
    ...size,
    preprocessing: field("preprocessing", oneOf(["scale", "contrast"] as const)) ??
      (size.channels === 1 ? "scale" : "contrast"),
    loss: field("loss", oneOf(keys(LOSSES))) ?? "softmax",
    dataset,
    subset: field("subset", integer),
    mean: field("mean", (_, text) => decodeNumbers(text, size.height * size.width * size.channels)),
  };
}
