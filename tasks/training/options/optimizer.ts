/**
 * The options of the optimizer, from the registry of optimizers.
 *
 * @module
 */
import type { OptimizerNumber } from "../../../src/optim/optimizer.ts";
import {
  OPTIMIZER_NAMES,
  OPTIMIZER_RECORDS,
  type OptimizerName,
  type OptimizerOptionName,
  optimizerOptions as ownOptions,
  type OptimizerValues,
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

const ownTable = ({ solvers }: Recipe): OwnTable =>
  Object.fromEntries(
    ownOptions().flatMap(([name, option, optimizer]): (readonly [string, Option])[] => {
      const { help: text } = option;
      const help = `With --optimizer ${optimizer}: ${text[0]!.toLowerCase()}${text.slice(1)}`;
      if (option.kind === "flag") return [[name, { kind: "flag", default: false, help }]];
      const { from, below, default: usual, scheduled } = option;
      const otherwise = String(solvers[optimizer]?.[name] ?? usual);
      return [
        [name, { kind: "number", from, below, help, otherwise }],
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
      help: "The L2 penalty: this times each weight is added to its gradient.",
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
