/**
 * Resolving the options of a training task to the settings of a run: fills in defaults that depend on other
 * options, and rejects combinations that mean nothing.
 *
 * @module
 */
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { OWN_OPTIONS } from "../../src/models/registry.ts";
import {
  type OptimizerName,
  optimizerOptions,
  type OptimizerValues,
} from "../../src/optim/optimizers.ts";
import { type DatasetName, namesTrainedBy } from "../datasets/registry.ts";
import { ownValues } from "../models/net_options.ts";
import type { PresetName, Settings, TaskName } from "../run/settings.ts";
import type { TrainOptions, TrainValues } from "./options/mod.ts";
import { defaultRate } from "./options/optimizer.ts";
import { presetValues } from "./presets.ts";
import { type Recipe, recipeOf, RECIPES } from "./recipes.ts";
import { OptionError } from "../cli/option_table.ts";

/** The values of the options, filled in by a preset. */
type Resolved = TrainValues & ReturnType<typeof presetValues>;

const fail = (message: string): never => {
  throw new OptionError(message);
};

/** Options that require another: their name, the other, and its value. */
const REQUIREMENTS: readonly (readonly [string, "init" | "optimizer", string])[] = [
  ...[
    "pre-init",
    "lsuv",
    "lsuv-tolerance",
    "lsuv-trials",
    "lsuv-batch",
    "lsuv-mode",
    "normalize",
  ].map((name) => [name, "init", "lsuv"] as const),
  ...optimizerOptions().map(([name, , optimizer]) => [name, "optimizer", optimizer] as const),
];

function chooseDataset(task: TaskName, { dataset, procedural }: TrainValues): DatasetName {
  if (!procedural) return dataset ?? namesTrainedBy(task)[0]!;
  if (dataset === undefined || dataset === PROCEDURAL.name) return PROCEDURAL.name;
  return fail(`--procedural: expected no other --dataset beside it, found ${dataset}`);
}

/** The options, with the preset's values for those that were not given. */
function fillPreset(
  task: TaskName,
  { values, given }: TrainOptions,
  preset: PresetName,
  dataset: DatasetName,
): Resolved {
  const usual = Object.entries(presetValues(task, preset, dataset));
  return {
    ...values,
    ...Object.fromEntries(usual.filter(([name]) => !given.has(name))),
  } as Resolved;
}

/** Throws on options that mean nothing in combination with the others. */
function checkPairs(task: TaskName, given: ReadonlySet<string>, values: Resolved): void {
  const beside = (name: string, expected: string, found: string): never =>
    fail(`--${name}: expected ${expected} beside it, found ${found}`);
  for (const [name, other, value] of REQUIREMENTS) {
    if (!given.has(name) || values[other] === value) continue;
    beside(name, `--${other} ${value}`, `--${other} ${values[other]}`);
  }
  for (const { name, models } of OWN_OPTIONS) {
    const nets = models.map(([net]) => net);
    if (!given.has(name) || nets.includes(values.net)) continue;
    beside(name, `--net ${nets.join(" or ")}`, `--net ${values.net}`);
  }
  const { init, std, gain } = values, found = `--init ${init}`;
  if (std !== undefined && !takesStd(values)) beside("std", "gaussian weights", found);
  if (gain !== undefined && init !== "orthonormal") beside("gain", "--init orthonormal", found);
  if (given.has("lsuv-dropout") && init !== "lsuv") beside("lsuv-dropout", "--init lsuv", found);
  if (values.augment && !recipeOf(task).augments) {
    const able = Object.entries<Recipe>(RECIPES).filter(([, { augments }]) => augments);
    const tasks = able.map(([name]) => `train:${name}`).join(" or ");
    fail(`--augment: expected the task ${tasks}, found train:${task}`);
  }
}

/** The initializer of the weights that LSUV rescales; undefined without it. */
const preInitializer = ({ init, "pre-init": preInit }: TrainValues): Settings["preInit"] =>
  init === "lsuv" ? preInit ?? "orthonormal" : undefined;

const takesStd = (values: TrainValues): boolean =>
  values.init === "gaussian" || preInitializer(values) === "gaussian";

function initSettings(values: Resolved) {
  const { init, gain } = values, lsuv = init === "lsuv";
  return {
    init,
    preInit: preInitializer(values),
    std: takesStd(values) ? values.std ?? (lsuv ? 1 : 0.01) : undefined,
    gain,
    lsuv: lsuv ? values.lsuv : undefined,
    lsuvTolerance: values["lsuv-tolerance"],
    lsuvTrials: values["lsuv-trials"],
    lsuvDropout: lsuv && values["lsuv-dropout"],
    lsuvBatch: lsuv ? values["lsuv-batch"] ?? values.batch : undefined,
    lsuvMode: lsuv ? values["lsuv-mode"] : undefined,
    normalize: lsuv ? values.normalize ?? "output" : undefined,
  };
}

/** The values of an optimizer's own options: the given ones, else the recipe's, else the optimizer's defaults. */
const solverValues = (
  { solvers }: Recipe,
  optimizer: OptimizerName,
  given: OptimizerValues,
): OptimizerValues =>
  Object.fromEntries(
    optimizerOptions(optimizer).map(([name, { default: usual }]) => [
      name,
      given[name] ?? solvers[optimizer]?.[name] ?? usual,
    ]),
  );

function optimizerSettings(task: TaskName, values: Resolved) {
  const { optimizer, epochs } = values, recipe = recipeOf(task);
  const drops = recipe.drops.map(([part, whole]) => Number((part / whole * epochs).toFixed(4)));
  return {
    optimizer,
    rate: values.rate ?? defaultRate(recipe, optimizer),
    ...solverValues(recipe, optimizer, values),
    weightDecay: values["weight-decay"],
    decayBiases: values["decay-biases"],
    clip: values.clip,
    dropAt: values["drop-at"] ?? drops,
    dropBy: values["drop-by"],
  };
}

/**
 * Resolves options to settings.
 *
 * @param preset The preset that fills in options that were not given.
 * @param on The data set, if not the one that the options ask for.
 */
export function resolveSettings(
  task: TaskName,
  parsed: TrainOptions,
  preset: PresetName,
  on?: DatasetName,
): Settings {
  const dataset = on ?? chooseDataset(task, parsed.values);
  const values = fillPreset(task, parsed, preset, dataset);
  checkPairs(task, parsed.given, values);
  const { net, activation, dropout, loss, batch, epochs, subset, augment, seed } = values;
  const { device, threads, winograd, resident, wide, "test-subset": testSubset } = values;
  return {
    preset,
    dataset,
    net,
    ...ownValues(net, values),
    activation,
    dropout,
    loss,
    ...initSettings(values),
    ...optimizerSettings(task, values),
    batch,
    epochs,
    subset,
    testSubset,
    augment,
    seed,
    device,
    threads,
    winograd,
    resident: resident === "auto" ? undefined : resident,
    wide,
  };
}
