/**
 * A net's recipe: how its authors trained it, as options of the training tasks.
 *
 * @module
 */
import type { Activation } from "../../../src/models/mod.ts";
import type { OwnValues } from "../../../src/models/registry.ts";
import type { LossName } from "../../../src/nn/mod.ts";
import type {
  OptimizerName,
  OptimizerValues,
  ScheduledName,
} from "../../../src/optim/optimizers.ts";
import type { OptionValue } from "../../cli/option_arguments.ts";
import type { Preprocessing } from "../../datasets/preparations.ts";
import type { DatasetName } from "../../datasets/registry.ts";
import type { InitName, PRE_INITS, ScheduleName } from "../../run/settings.ts";

/** Options of an optimizer that change linearly. */
type ScheduledValues = {
  readonly [K in ScheduledName as `${K}-end` | `${K}-until-share`]?: number;
};

/**
 * The values of a recipe by the names of the training tasks' options. What is in epochs there is in shares of
 * the epochs here, so that a shorter training has the same course: `drop-shares` for `--drop-at`, and the
 * option's name with `-share` for any other.
 */
export type RecipeValues = OwnValues & OptimizerValues & ScheduledValues & {
  /** The net's own if left out. */
  readonly activation?: Activation;
  /** The published initializer; with the quick preset LSUV takes its place. */
  readonly init: InitName;
  readonly "pre-init"?: (typeof PRE_INITS)[number];
  readonly std?: number;
  readonly "layer-stds"?: readonly number[];
  readonly gain?: number;
  /** Whether LSUV measures with dropout, where it takes the place of the initializer. */
  readonly "lsuv-dropout"?: boolean;
  readonly optimizer: OptimizerName;
  readonly rate: number;
  readonly "weight-decay": number;
  readonly "decay-biases": boolean;
  readonly clip?: number;
  readonly "bias-rate"?: number;
  readonly "layer-rates"?: readonly number[];
  readonly "layer-decays"?: readonly number[];
  readonly "max-norm"?: readonly number[];
  readonly schedule?: ScheduleName;
  readonly "drop-shares"?: readonly number[];
  readonly "drop-every-share"?: number;
  readonly "drop-by"?: number;
  readonly "rate-end"?: number;
  readonly "rate-until-share"?: number;
  readonly power?: number;
  readonly batch: number;
  /** The published length; the quick preset has its own. */
  readonly epochs: number;
  readonly loss?: LossName;
  readonly dropout?: number;
  readonly augment: boolean;
  readonly shift?: number;
  readonly size?: number;
  readonly crop?: number;
  readonly preprocessing?: Preprocessing;
  readonly "pixel-scale"?: number;
  /** Whether images are whitened; not if left out. */
  readonly whiten?: boolean;
};

/** What a recipe has otherwise for a form of its net, such as numbers by layer where it has fewer layers. */
export interface RecipeVariant {
  /** The values of the net's own options in that form. */
  readonly where: OwnValues;
  readonly values: Partial<RecipeValues>;
}

/** A recipe with what it has otherwise. */
export type DatasetRecipe = RecipeValues & {
  /**
   * Values for weights from LSUV, where the published rate was found for weights of another scale and
   * training would diverge or die with it.
   */
  readonly fromLsuv?: Partial<RecipeValues>;
  /** Later ones take precedence, and all of them over `fromLsuv`. */
  readonly variants?: readonly RecipeVariant[];
};

/** The recipes of a net by data set. Other data sets of a training task have that of its first one. */
export type NetRecipe = { readonly [D in DatasetName]?: DatasetRecipe };

/**
 * A recipe's values for a form of its net.
 *
 * @param lsuv Whether its weights are from LSUV.
 */
export function resolveVariants(
  { variants = [], fromLsuv = {}, ...values }: DatasetRecipe,
  form: OwnValues,
  lsuv = false,
): RecipeValues {
  const own = form as Readonly<Record<string, unknown>>;
  const fitting = variants.filter(({ where }) =>
    Object.entries(where).every(([name, value]) => own[name] === value)
  );
  return Object.assign(
    {},
    values,
    lsuv ? fromLsuv : {},
    ...fitting.map((variant) => variant.values),
  );
}

/** Options with those in shares of the epochs given in epochs, after all others. */
export function resolveShares(
  options: Readonly<Record<string, OptionValue>>,
  epochs: number,
): Record<string, OptionValue> {
  const inEpochs = (share: number) => Number((share * epochs).toFixed(4));
  const plain: [string, OptionValue][] = [], resolved: [string, OptionValue][] = [];
  for (const [name, value] of Object.entries(options)) {
    if (name === "drop-shares") {
      if (Array.isArray(value)) resolved.push(["drop-at", value.map(inEpochs)]);
    } else if (!name.endsWith("-share")) plain.push([name, value]);
    else if (value !== undefined) {
      resolved.push([name.replace(/-share$/, ""), inEpochs(Number(value))]);
    }
  }
  return Object.fromEntries([...plain, ...resolved]);
}
