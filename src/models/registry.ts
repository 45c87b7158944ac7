/**
 * The models by name: their options, and how one is built.
 *
 * @module
 */
import type { Activation } from "./activation.ts";
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

type ValueOf<O> = O extends { readonly choices: readonly (infer C)[] } ? C
  : O extends { readonly from: number } ? number
  : never;

/** The name of an option that some model has for itself. */
export type OwnOptionName = Names<OwnOptions>;

/** Values of options that models have for themselves. */
export type OwnValues = {
  readonly [K in OwnOptionName]?:
    | ValueOf<OptionOf<OwnOptions, K>>
    | undefined;
};

/** A model's own options, by their names. */
export const ownOptions = (model: ModelName): readonly (readonly [OwnOptionName, ModelOption])[] =>
  Object.entries((MODEL_RECORDS[model] as ModelRecord).options ?? {}) as [
    OwnOptionName,
    ModelOption,
  ][];

/** An option that one model has for itself, or several. */
export interface SharedOption {
  readonly name: OwnOptionName;
  /** The models that have it, each with its form of it; at least one. */
  readonly models: readonly (readonly [ModelName, ModelOption])[];
  /** The values that it may have in any of them; undefined for an integer. */
  readonly choices: readonly string[] | undefined;
}

/** Every option that some model has for itself, once. */
export const OWN_OPTIONS: readonly SharedOption[] = listShared();

function listShared(): SharedOption[] {
  const found = new Map<OwnOptionName, [ModelName, ModelOption][]>();
  for (const model of MODEL_NAMES) {
    for (const [name, option] of ownOptions(model)) {
      found.set(name, [...found.get(name) ?? [], [model, option]]);
    }
  }
  return [...found].map(([name, models]) => ({
    name,
    models,
    choices: choicesOf(models.map(([, option]) => option)),
  }));
}

/** All values of the forms of an option; undefined where they are integers. */
function choicesOf(forms: readonly ModelOption[]): readonly string[] | undefined {
  const lists = forms.flatMap((form) => "choices" in form ? [form.choices] : []);
  return lists.length === 0 ? undefined : [...new Set(lists.flat())];
}

/** The activation that a model is built with unless told otherwise. */
export const defaultActivation = (name: ModelName): Activation =>
  (MODEL_RECORDS[name] as ModelRecord).activation ?? "maxout";

/** The default activations in words: `relu for nin, else maxout`. */
export function activationText(): string {
  const activations = new Set(MODEL_NAMES.map(defaultActivation));
  activations.delete("maxout");
  const netsOf = (activation: Activation) =>
    MODEL_NAMES.filter((name) => defaultActivation(name) === activation).join(", ");
  return [...[...activations].map((each) => `${each} for ${netsOf(each)}`), "else maxout"].join(
    "; ",
  );
}

/** Builds the model of a name; of the values of own options, those of other models are left alone. */
export const createModel = (name: ModelName, options: ModelOptions & OwnValues): Model =>
  (MODEL_RECORDS[name] as ModelRecord).create(options);
