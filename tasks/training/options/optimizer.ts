/**
 * The options of the optimizer, from the registry of optimizers.
 *
 * @module
 */
import {
  OPTIMIZER_NAMES,
  OPTIMIZER_RECORDS,
  type OptimizerName,
  type OptimizerOptionName,
  optimizerOptions as ownOptions,
} from "../../../src/optim/optimizers.ts";
import type { TaskName } from "../../run/settings.ts";
import { type Recipe, recipeOf } from "../recipes.ts";
import type { Table } from "../../cli/option_table.ts";

/** The learning rate of an optimizer in a recipe. */
export const defaultRate = ({ solvers }: Recipe, name: OptimizerName): number =>
  solvers[name]?.learningRate ?? OPTIMIZER_RECORDS[name].learningRate;

/** The default learning rates in words, that of the recipe's own optimizer first. */
function ratesText(recipe: Recipe): string {
  const others = OPTIMIZER_NAMES.filter((name) => name !== recipe.optimizer);
  return [recipe.optimizer, ...others].map((name) => `${defaultRate(recipe, name)} for ${name}`)
    .join(", ");
}

/** The options that only some optimizers have, as options of the command line. */
type OwnTable = {
  readonly [K in OptimizerOptionName]: {
    readonly kind: "number";
    readonly from: number;
    readonly below: number;
    readonly help: string;
    readonly otherwise: string;
  };
};

const ownTable = ({ solvers }: Recipe): OwnTable =>
  Object.fromEntries(
    ownOptions().map(([name, { from, below, help, default: usual }, optimizer]) => [name, {
      kind: "number",
      from,
      below,
      help: `With --optimizer ${optimizer}: ${help[0]!.toLowerCase()}${help.slice(1)}`,
      otherwise: String(solvers[optimizer]?.[name] ?? usual),
    }]),
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
  } as const satisfies Table;
}
