/**
 * A model as the strings that describe it in a weights file and a manifest.
 *
 * @module
 */
import { OWN_OPTIONS } from "../../src/models/registry.ts";
import { encodeNumbers } from "./field_values.ts";
import { type ModelSpec, showSize } from "./model.ts";

/** The options that only some models have. */
const OWN = OWN_OPTIONS.map(({ name }) => name);

/** The names of the fields. */
export const FIELDS = [
  "net",
  ...OWN,
  "activation",
  "dropout",
  "classes",
  "classNames",
  "input",
  "preprocessing",
  "pixelScale",
  "frame",
  "whitening",
  "loss",
  "dataset",
  "subset",
  "mean",
] as const;

/** Strings by {@linkcode FIELDS}. */
export type Fields = { readonly [K in (typeof FIELDS)[number]]?: string };

/** The fields that a record has, as strings. */
export const pickFields = (record: Readonly<Record<string, unknown>>): Fields =>
  Object.fromEntries(
    FIELDS.filter((name) => record[name] !== undefined && record[name] !== null)
      .map((name) => [name, String(record[name])]),
  );

/** A model as strings. */
export const modelFields = (model: ModelSpec): Fields =>
  pickFields({
    ...model,
    input: showSize(model),
    frame: model.frame && showSize(model.frame),
    classNames: model.classNames && JSON.stringify(model.classNames),
    mean: model.mean && encodeNumbers(model.mean),
  });
