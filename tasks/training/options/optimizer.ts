/**
 * The options of the optimizer, from the registry of optimizers.
 *
 * @module
 */
import type { OptimizerFlag, OptimizerNumber } from "../../../src/optim/optimizer.ts";
import {
  OPTIMIZER_NAMES,
  OPTIMIZER_RECORDS,
  type OptimizerName,
  type OptimizerOptionName,
  type OptimizerValues,
  type OwnedOption,
  ownedOptions,
  type ScheduledName,
} from "../../../src/optim/optimizers.ts";
import type { TaskName } from "../../run/settings.ts";
import { type Recipe, recipeOf } from "../recipes/fitnets.ts";
import type { Option, Table } from "../../cli/option_table.ts";

/** The learning rate of an optimizer in a recipe. */
export const defaultRate = ({ solvers }: Pick<Recipe, "solvers">, name: OptimizerName): number =>
  solvers[name]?.learningRate ?? OPTIMIZER_RECORDS[name].learningRate;

/** The default learning rates in words, that of the recipe's own optimizer first. */
function ratesText(recipe: Recipe): string {
  const others = OPTIMIZER_NAMES.filter((name) => name !== recipe.optimizer);
  return [recipe.optimizer, ...others].map((name) => `${defaultRate(recipe, name)} for ${name}`)
    .join(", ");
}

/** A numeric option of the command line without a constant default. */
interface NumberOption {
  readonly kind: "number";
  readonly from?: number;
  readonly above?: number;
  readonly below?: number;
  readonly help: string;
  readonly otherwise: string;
}

interface FlagOption {
  readonly kind: "flag";
  readonly default: false;
  readonly help: string;
}

/** The options that only some optimizers have, as options of the command line. */
type OwnTable =
  & {
    readonly [K in OptimizerOptionName]: NonNullable<OptimizerValues[K]> extends boolean
      ? FlagOption
      : NumberOption;
  }
  & { readonly [K in ScheduledName as `${K}-end` | `${K}-until`]: NumberOption };

/** The options of an option that may change linearly: where it ends, and when. */
function scheduledOptions(
  name: string,
  { from, below }: Pick<OptimizerNumber, "from" | "below">,
): readonly (readonly [string, NumberOption])[] {
  return [
    [`${name}-end`, {
      kind: "number",
      from,
      below,
      help: `The value to which --${name} changes linearly by --${name}-until.`,
      otherwise: `that of --${name}`,
    }],
    [`${name}-until`, {
      kind: "number",
      above: 0,
      help: `The epoch by which --${name}-end is reached (fractions allowed).`,
      otherwise: "the last",
    }],
  ];
}

/** The default of an option in words: the most frequent one, and which optimizers have another. */
function defaultText(owners: OwnedOption["owners"], { solvers }: Recipe, name: string): string {
  const defaults = owners.map(([optimizer, option]) =>
    [optimizer, solvers[optimizer]?.[name as OptimizerOptionName] ?? numberDefault(option)] as const
  );
  const [, usual] = defaults[0]!;
  const others = defaults.filter(([, value]) => value !== usual);
  return [String(usual), ...others.map(([optimizer, value]) => `${value} for ${optimizer}`)]
    .join(", ");
}

const numberDefault = (option: OptimizerNumber | OptimizerFlag): number | undefined =>
  option.kind === "number" ? option.default : undefined;

const ownTable = (recipe: Recipe): OwnTable =>
  Object.fromEntries(
    ownedOptions().flatMap(({ name, owners }): (readonly [string, Option])[] => {
      const [, option] = owners[0]!, { help: text } = option;
      const names = owners.map(([optimizer]) => optimizer).join(", ");
      const help = `With --optimizer ${names}: ${text[0]!.toLowerCase()}${text.slice(1)}`;
      if (option.kind === "flag") return [[name, { kind: "flag", default: false, help }]];
      const { from, below, scheduled } = option;
      return [
        [name, { kind: "number", from, below, help, otherwise: defaultText(owners, recipe, name) }],
        ...(scheduled ? scheduledOptions(name, option) : []),
      ];
    }),
  ) as OwnTable;

/** The options of the optimizer of a task. */
export function optimizerOptions(task: TaskName) {
  const recipe = recipeOf(task);
  return {
    optimizer: {
      kind: "choice",
      choices: OPTIMIZER_NAMES,
      default: recipe.optimizer,
      help: "The optimizer.",
    },
    rate: {
      kind: "number",
      above: 0,
      help: "The learning rate.",
      otherwise: ratesText(recipe),
    },
    ...ownTable(recipe),
    "weight-decay": {
      kind: "number",
      from: 0,
      default: 5e-4,
      help:
        "The weight decay coefficient: this times each weight is added to its gradient (L2 penalty); with " +
        "--optimizer adamw, lion, lamb to its update (decoupled).",
    },
    "decay-biases": {
      kind: "flag",
      default: recipe.decayBiases,
      help: "Apply weight decay to biases too.",
    },
    clip: {
      kind: "number",
      above: 0,
      help: "The global norm above which gradients are scaled down.",
      otherwise: "none",
    },
    "bias-rate": {
      kind: "number",
      from: 0,
      help: "The factor of the learning rate of biases.",
      otherwise: "1",
    },
    "layer-rates": {
      kind: "numbers",
      help:
        "Factors of the learning rate by layer: one number for each layer with weights, in order.",
      otherwise: "1",
    },
    "layer-decays": {
      kind: "numbers",
      help: "Factors of weight decay by layer: one number for each layer with weights, in order.",
      otherwise: "1",
    },
    "max-norm": {
      kind: "numbers",
      help:
        "The greatest norm of the weights of each output (a channel or a unit, a maxout piece for itself) " +
        "after each step: one number for all layers, or one for each with weights, in order.",
      otherwise: "none",
    },
  } as const satisfies Table;
}
