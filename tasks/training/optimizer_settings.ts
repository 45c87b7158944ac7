/**
 * The settings of the optimizer and its schedule, from the options.
 *
 * @module
 */
import { optimizerOptions } from "../../src/optim/optimizers.ts";
import { OptionError } from "../cli/option_table.ts";
import type { Settings } from "../run/settings.ts";
import type { ResolvedValues } from "./options/mod.ts";
import { defaultRate } from "./options/optimizer.ts";
import type { Recipe } from "./recipes/fitnets.ts";

/** What the defaults come from. */
type Solvers = Pick<Recipe, "solvers" | "drops">;

/** Any option of the command line by name. */
type AnyOption = Readonly<Record<string, number | boolean | undefined>>;

/** Where an option that changes linearly ends, and by which epoch; nothing if it is constant. */
function linearChange(name: string, values: AnyOption): AnyOption {
  const end = values[`${name}-end`], until = values[`${name}-until`];
  if (end !== undefined) return { [`${name}End`]: end, [`${name}Until`]: until ?? values.epochs };
  if (until === undefined) return {};
  throw new OptionError(`--${name}-until: expected --${name}-end beside it, found none`);
}

/**
 * The values of an optimizer's own options: the given ones, else the recipe's, else the optimizer's defaults.
 * Flags that are off are left out.
 */
function solverSettings({ solvers }: Solvers, values: ResolvedValues): AnyOption {
  const { optimizer } = values, given = values as unknown as AnyOption;
  const parts = optimizerOptions(optimizer).map(([name, option]): AnyOption => {
    if (option.kind === "flag") return given[name] ? { [name]: true } : {};
    const value = given[name] ?? solvers[optimizer]?.[name] ?? option.default;
    return { [name]: value, ...(option.scheduled ? linearChange(name, given) : {}) };
  });
  return Object.assign({}, ...parts);
}

/** The epochs from one drop to the next, which `step` and `exponential` require. */
function requireEvery({ schedule, "drop-every": every }: ResolvedValues): number {
  if (every !== undefined) return every;
  throw new OptionError(`--schedule ${schedule}: expected --drop-every beside it, found none`);
}

/** The epochs from one restart to the next. */
function requireRestarts({ "restart-every": every }: ResolvedValues): number {
  if (every !== undefined) return every;
  throw new OptionError("--schedule restarts: expected --restart-every beside it, found none");
}

/** The settings of the learning rate's course. */
function scheduleSettings({ drops }: Solvers, values: ResolvedValues) {
  const { schedule, epochs, "drop-by": dropBy, "rate-until": rateUntil = epochs } = values;
  const shares = drops.map(([part, whole]) => Number((part / whole * epochs).toFixed(4)));
  switch (schedule) {
    case "multistep":
      return { dropAt: values["drop-at"] ?? shares, dropBy };
    case "step":
    case "exponential":
      return { schedule, dropAt: [], dropBy, dropEvery: requireEvery(values) };
    case "linear":
      return { schedule, dropAt: [], dropBy, rateEnd: values["rate-end"] ?? 0, rateUntil };
    case "poly":
      return { schedule, dropAt: [], dropBy, rateUntil, power: values.power ?? 1 };
    case "cosine":
      return { schedule, dropAt: [], dropBy, rateEnd: values["rate-end"] ?? 0, rateUntil };
    case "restarts":
      return {
        schedule,
        dropAt: [],
        dropBy,
        rateEnd: values["rate-end"] ?? 0,
        restartEvery: requireRestarts(values),
      };
    case "onecycle":
      return { schedule, dropAt: [], dropBy, rateUntil };
  }
}

/** Factors and limits by parameter; nothing where none are asked for. */
const parameterSettings = (values: ResolvedValues) => ({
  biasRate: values["bias-rate"],
  layerRates: values["layer-rates"],
  layerDecays: values["layer-decays"],
  maxNorm: values["max-norm"],
});

/** The settings of the optimizer. */
export function optimizerSettings(
  solvers: Solvers,
  values: ResolvedValues,
): Pick<
  Settings,
  "optimizer" | "rate" | "weightDecay" | "decayBiases" | "clip" | "dropAt" | "dropBy"
> {
  const { optimizer } = values;
  return {
    optimizer,
    rate: values.rate ?? defaultRate(solvers, optimizer),
    ...solverSettings(solvers, values),
    weightDecay: values["weight-decay"],
    decayBiases: values["decay-biases"],
    clip: values.clip,
    ...parameterSettings(values),
    ...scheduleSettings(solvers, values),
    ...(values.warmup !== undefined && { warmup: values.warmup }),
  };
}
