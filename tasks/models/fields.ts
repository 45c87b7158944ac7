/**
 * A model as the texts that a weights file and a manifest hold.
 *
 * @module
 */
import { type OwnOptionName, ownOptions } from "../../src/models/registry.ts";
import { encodeNumbers } from "./field_values.ts";
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
