/**
 * The values of options that were not given: those of the preset and of the net's recipe.
 *
 * @module
 */
import { ownOptions, type OwnValues } from "../../src/models/registry.ts";
import type { DatasetName } from "../datasets/registry.ts";
import type { PresetName, TaskName } from "../run/settings.ts";
import type { ResolvedValues, TrainOptions } from "./options/mod.ts";
import { presetValues } from "./presets.ts";
import { type Recipe, recipeOf } from "./recipes/fitnets.ts";
import { netRecipe, resolveShares } from "./recipes/mod.ts";
import { DEPENDENT } from "./requirements.ts";

/** Options by name. */
type Options = Readonly<Record<string, unknown>>;

const without = (options: Options, names: readonly string[]): Options =>
  Object.fromEntries(Object.entries(options).filter(([name]) => !names.includes(name)));

/** A recipe's options, without those that belong to a choice that was made otherwise. */
function applicable(recipe: Options, { values, given }: TrainOptions): Options {
  const choices = Object.keys(DEPENDENT) as (keyof typeof DEPENDENT)[];
  const made = { schedule: "multistep", ...recipe } as Options;
  const other = choices.filter((choice) => given.has(choice) && values[choice] !== made[choice]);
  return without(recipe, other.flatMap((choice) => DEPENDENT[choice]));
}

/** What the quick preset takes from no recipe: the published initializer, in place of LSUV, and length. */
const FULL_LENGTH = ["init", "epochs", ...DEPENDENT.init];

/** The values of the options that only a net's model has. */
const formOf = (values: ResolvedValues): OwnValues =>
  Object.fromEntries(ownOptions(values.net).map(([name]) => [name, values[name]]));

/** The options, with the values of the preset and of the net's recipe for those that were not given. */
export function fillDefaults(
  task: TaskName,
  parsed: TrainOptions,
  preset: PresetName,
  dataset: DatasetName,
): ResolvedValues {
  const { values, given } = parsed;
  const missing = (options: Options): Options => without(options, [...given]);
  const usual = {
    ...values,
    ...missing({ ...presetValues(task, preset, dataset) }),
  } as ResolvedValues;
  const lsuv = given.has("init") ? values.init === "lsuv" : preset === "quick";
  const recipe = netRecipe(usual.net, task, dataset, formOf(usual), lsuv);
  if (!recipe) return usual;
  const own = preset === "quick" ? without(recipe, FULL_LENGTH) : recipe;
  const { epochs } = {
    ...usual,
    ...missing({ epochs: own.epochs ?? usual.epochs }),
  } as ResolvedValues;
  const whole = { "drop-shares": [], ...own } as Parameters<typeof resolveShares>[0];
  return {
    ...usual,
    ...missing(applicable(resolveShares(whole, epochs), parsed)),
  } as ResolvedValues;
}

/** The solvers from which the optimizers' and the schedule's defaults come: none where the net's recipe has them. */
export const solverDefaults = (
  task: TaskName,
  { net }: Pick<ResolvedValues, "net">,
  dataset: DatasetName,
): Pick<Recipe, "solvers" | "drops"> =>
  netRecipe(net, task, dataset) ? { solvers: {}, drops: [] } : recipeOf(task);
