/**
 * The models by name: their options, and how one is built.
 *
 * @module
 */
import type { Model, ModelOption, ModelOptions, ModelRecord } from "./model.ts";
import { MODEL_RECORDS } from "./models.ts";

export { MODEL_RECORDS } from "./models.ts";

/** The name of a model. */
export type ModelName = keyof typeof MODEL_RECORDS;

/** All names. */
export const MODEL_NAMES = Object.keys(MODEL_RECORDS) as readonly ModelName[];

/** The models by name. */
export const MODELS = Object.fromEntries(
  Object.entries(MODEL_RECORDS).map(([name, { create }]) => [name, create]),
) as { readonly [N in keyof typeof MODEL_RECORDS]: (typeof MODEL_RECORDS)[N]["create"] };

type OwnOptions = Extract<
  (typeof MODEL_RECORDS)[ModelName],
  { readonly options: unknown }
>["options"];
type Names<O> = O extends unknown ? keyof O : never;
type OptionOf<O, K> = O extends { readonly [P in K & PropertyKey]: infer V } ? V : never;

/** The name of an option that some model has for itself. */
export type OwnOptionName = Names<OwnOptions>;

/** Values of options that models have for themselves. */
export type OwnValues = {
  readonly [K in OwnOptionName]?:
    | (OptionOf<OwnOptions, K> extends { readonly choices: readonly (infer C)[] } ? C : never)
    | undefined;
};

/** A model's own options, by their names; those of all models if none is named. */
export const ownOptions = (
  name?: ModelName,
): readonly (readonly [OwnOptionName, ModelOption, ModelName])[] =>
  (name ? [name] : MODEL_NAMES).flatMap((model) => {
    const { options = {} }: ModelRecord = MODEL_RECORDS[model];
    return Object.entries(options).map(([own, option]) =>
      [own as OwnOptionName, option, model] as const
    );
  });

/** Builds the model of a name; of the values of own options, those of other models are left alone. */
export const createModel = (name: ModelName, options: ModelOptions & OwnValues): Model =>
  (MODEL_RECORDS[name] as ModelRecord).create(options);
