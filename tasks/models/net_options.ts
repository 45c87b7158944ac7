/**
 * The options of the network, from the registry of models.
 *
 * @module
 */
import { ACTIVATIONS } from "../../src/models/mod.ts";
import type { ModelOption } from "../../src/models/model.ts";
import {
  MODEL_NAMES,
  MODEL_RECORDS,
  type ModelName,
  OWN_OPTIONS,
  type OwnOptionName,
  ownOptions,
  type OwnValues,
} from "../../src/models/registry.ts";
import { fail, type Table } from "../cli/option_table.ts";
import { MOST_OWN } from "../run/settings.ts";

const listed = MODEL_NAMES.map((name) => `${name} (${MODEL_RECORDS[name].about})`).join(", ");

/** The options that choose the network and its activation. */
export const NET_CHOICE = {
  net: { kind: "choice", choices: MODEL_NAMES, help: `The network: ${listed}.` },
  activation: {
    kind: "choice",
    choices: ACTIVATIONS,
    help: "The activation after each layer.",
  },
} as const satisfies Table;

/** What the options that only some models have share on the command line. */
interface OwnOption {
  readonly help: string;
  readonly otherwise: string;
}

/** The options that only some models have, as options of the command line. */
type OwnTable = {
  readonly [K in OwnOptionName]: NonNullable<OwnValues[K]> extends number
    ? OwnOption & { readonly kind: "integer"; readonly from: number }
    : OwnOption & {
      readonly kind: "choice";
      readonly choices: readonly NonNullable<OwnValues[K]>[];
    };
};

/** A default in words, with the models that have it where they differ. */
function describeDefaults(
  models: readonly (readonly [ModelName, ModelOption])[],
  otherwise: (option: ModelOption) => string,
): string {
  const first = models[0]![1];
  if (models.every(([, option]) => option.default === first.default)) return otherwise(first);
  const nets = Map.groupBy(models, ([, option]) => otherwise(option));
  return [...nets].map(([text, of]) => `${text} (${of.map(([net]) => net).join(", ")})`).join("; ");
}

/** The most nets that are named as those which have an option. */
const NAMED = 4;

/** What an option decides, and, if they are few and it does not say so, for which nets. */
function describeOption(models: readonly (readonly [ModelName, ModelOption])[]): string {
  const { help } = models[0]![1], nets = models.map(([net]) => net);
  if (nets.length > NAMED || nets.every((net) => help.includes(net))) return help;
  return `For ${nets.join(", ")}: ${help[0]!.toLowerCase()}${help.slice(1)}`;
}

/**
 * The options that only some models have.
 *
 * @param otherwise The default in words.
 */
export const ownOptionTable = (otherwise: (option: ModelOption) => string): OwnTable =>
  Object.fromEntries(
    OWN_OPTIONS.map(({ name, models, choices }) => {
      const [, first] = models[0]!,
        words = { help: describeOption(models), otherwise: describeDefaults(models, otherwise) };
      const kind = "from" in first
        ? { kind: "integer", from: first.from, to: MOST_OWN }
        : { kind: "choice", choices };
      return [name, { ...kind, ...words }];
    }),
  ) as unknown as OwnTable;

/**
 * The values of the options that a model has for itself: the given ones, else the defaults. Throws on a
 * value that only another model has.
 */
export const ownValues = (net: ModelName, given: OwnValues): OwnValues =>
  Object.fromEntries(
    ownOptions(net).map(([name, option]) => {
      const value = given[name] ?? option.default;
      if ("from" in option || option.choices.includes(String(value))) return [name, value];
      const listed = option.choices.join(", ");
      return fail(`--${name}: expected one of ${listed} for ${net}, found ${value}`);
    }),
  );
