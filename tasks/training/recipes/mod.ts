/**
 * The recipes of nets by name: one file and one line here for each. A net without one is trained by the
 * FitNets' recipe of its task.
 *
 * @module
 */
import type { ModelName, OwnValues } from "../../../src/models/registry.ts";
import { type DatasetName, namesTrainedBy } from "../../datasets/registry.ts";
import { ownValues } from "../../models/net_options.ts";
import type { TaskName } from "../../run/settings.ts";
import { ALL_CNN_RECIPE, LARGE_ALL_CNN_RECIPE } from "./all_cnn.ts";
import { DSN_MNIST_RECIPE, DSN_RECIPE } from "./dsn.ts";
import { HIGHWAY10_RECIPE, HIGHWAY19_RECIPE } from "./highway.ts";
import { MAXOUT_NET_MNIST_RECIPE, MAXOUT_NET_RECIPE } from "./maxout.ts";
import { MIN_NET_MNIST_RECIPE, MIN_NET_RECIPE } from "./min_net.ts";
import { NIN_MNIST_RECIPE, NIN_RECIPE } from "./nin.ts";
import { HIGHWAY_MLP_RECIPE } from "./highway_mlp.ts";
import { FMP_NET_RECIPE } from "./fmp_net.ts";
import { CAFFENET_RECIPE, GOOGLENET_RECIPE, VGG_RECIPE } from "./imagenet.ts";
import { RESNET_RECIPE } from "./resnet.ts";
import { VGG_CIFAR_RECIPE } from "./vgg_cifar.ts";
import {
  type DatasetRecipe,
  type NetRecipe,
  type RecipeValues,
  resolveVariants,
} from "./recipe.ts";

export { type NetRecipe, type RecipeValues, resolveShares } from "./recipe.ts";

/** The recipes. */
export const NET_RECIPES: { readonly [N in ModelName]?: NetRecipe } = {
  allCnn: ALL_CNN_RECIPE,
  vgg16: VGG_RECIPE,
  vgg19: VGG_RECIPE,
  vggCifar: VGG_CIFAR_RECIPE,
  resnet20: RESNET_RECIPE,
  resnet56: RESNET_RECIPE,
  caffenet: CAFFENET_RECIPE,
  googlenet: GOOGLENET_RECIPE,
  fitnetTeacher: MAXOUT_NET_RECIPE,
  fmpNet: FMP_NET_RECIPE,
  nin: NIN_RECIPE,
  ninMnist: NIN_MNIST_RECIPE,
  dsn: DSN_RECIPE,
  dsnMnist: DSN_MNIST_RECIPE,
  maxoutNet: MAXOUT_NET_RECIPE,
  maxoutNetMnist: MAXOUT_NET_MNIST_RECIPE,
  minNet: MIN_NET_RECIPE,
  minNetMnist: MIN_NET_MNIST_RECIPE,
  highway19: HIGHWAY19_RECIPE,
  highway10: HIGHWAY10_RECIPE,
  largeAllCnn: LARGE_ALL_CNN_RECIPE,
  highwayMlp: HIGHWAY_MLP_RECIPE,
};

/** The nets that have a recipe for data of a task. */
export const netsWithRecipe = (task: TaskName): readonly ModelName[] =>
  (Object.keys(NET_RECIPES) as ModelName[]).filter((net) =>
    namesTrainedBy(task).some((dataset) => NET_RECIPES[net]?.[dataset])
  );

/** A recipe for the form of its net that options ask for, beside the recipe's own and the defaults. */
function inForm(
  net: ModelName,
  recipe: DatasetRecipe,
  given: OwnValues,
  lsuv?: boolean,
): RecipeValues {
  const asked = Object.entries(given).filter(([, value]) => value !== undefined);
  return resolveVariants(recipe, ownValues(net, { ...recipe, ...Object.fromEntries(asked) }), lsuv);
}

/**
 * The recipe of a net for a data set of a task: that of the data set, else of the task's first one.
 *
 * @param form The values of the net's own options that are asked for.
 * @param lsuv Whether its weights are from LSUV.
 */
export function netRecipe(
  net: ModelName,
  task: TaskName,
  dataset: DatasetName,
  form: OwnValues = {},
  lsuv = false,
): RecipeValues | undefined {
  const recipes = NET_RECIPES[net];
  const recipe = recipes?.[dataset] ?? recipes?.[namesTrainedBy(task)[0]!];
  return recipe && inForm(net, recipe, form, lsuv);
}

/**
 * The options that train a net on a data set as its authors did, for a row of an experiment; the net's name
 * and form are among them. A row of the net's name alone has the recipe too, as the quick preset takes it:
 * from LSUV, and with the epochs of the experiment. Throws an Error where it has no recipe for the data set.
 *
 * @param form The values of the net's own options, where they are not the recipe's.
 */
export function recipeOptions(
  net: ModelName,
  dataset: DatasetName,
  form: OwnValues = {},
): { readonly net: ModelName } & RecipeValues {
  const recipe = NET_RECIPES[net]?.[dataset];
  if (recipe) {
    const { "lsuv-dropout": measured, ...options } = inForm(net, recipe, form);
    const lsuv = options.init === "lsuv" && measured !== undefined;
    return { net, ...options, ...(lsuv ? { "lsuv-dropout": measured } : {}), ...form };
  }
  throw new Error(`recipes: expected one of ${net} for ${dataset}, found none`);
}
