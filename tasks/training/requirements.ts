/**
 * Options that mean something only beside others.
 *
 * @module
 */
import { OWN_OPTIONS } from "../../src/models/registry.ts";
import { ownedOptions } from "../../src/optim/optimizers.ts";
import { OptionError } from "../cli/option_table.ts";
import { type Settings, taskCommand, type TaskName } from "../run/settings.ts";
import type { ResolvedValues, TrainValues } from "./options/mod.ts";
import { type Recipe, recipeOf, RECIPES } from "./recipes/fitnets.ts";

/** An option that requires another: its name, the other, and the other's values. */
type Requirement = readonly [
  name: string,
  other: "net" | "init" | "optimizer" | "schedule",
  values: readonly string[],
];

/** The options of LSUV, except `lsuv-dropout`, which presets turn on. */
const LSUV = [
  "pre-init",
  "lsuv",
  "lsuv-tolerance",
  "lsuv-trials",
  "lsuv-batch",
  "lsuv-mode",
  "lsuv-target",
  "normalize",
];

/** An optimizer's own option, and those of its linear change. */
const withSchedule = (name: string, scheduled = false): readonly string[] =>
  scheduled ? [name, `${name}-end`, `${name}-until`] : [name];

/** The options that belong to some optimizers alone, with these. */
const OPTIMIZER_REQUIREMENTS: readonly Requirement[] = ownedOptions().flatMap(
  ({ name, owners }) => {
    const [, option] = owners[0]!, optimizers = owners.map(([optimizer]) => optimizer);
    return withSchedule(name, option.kind === "number" && option.scheduled)
      .map((own) => [own, "optimizer", optimizers] as const);
  },
);

const REQUIREMENTS: readonly Requirement[] = [
  ...OWN_OPTIONS.map(({ name, models }) => [name, "net", models.map(([net]) => net)] as const),
  ...LSUV.map((name) => [name, "init", ["lsuv"]] as const),
  ...OPTIMIZER_REQUIREMENTS,
  ["drop-at", "schedule", ["multistep"]],
  ["drop-by", "schedule", ["multistep", "step", "exponential"]],
  ["drop-every", "schedule", ["step", "exponential"]],
  ["rate-end", "schedule", ["linear", "cosine", "restarts"]],
  ["rate-until", "schedule", ["linear", "poly", "cosine", "onecycle"]],
  ["restart-every", "schedule", ["restarts"]],
  ["power", "schedule", ["poly"]],
];

/** The options that belong to another's value, by the other's name; `rate` is an optimizer's own. */
export const DEPENDENT: Readonly<Record<"init" | "optimizer" | "schedule", readonly string[]>> = {
  init: [...LSUV, "std", "layer-stds", "gain"],
  optimizer: ["rate", ...OPTIMIZER_REQUIREMENTS.map(([name]) => name)],
  schedule: REQUIREMENTS.flatMap(([name, other]) => other === "schedule" ? [name] : []),
};

const fail = (message: string): never => {
  throw new OptionError(message);
};

/** The initializer of the weights that LSUV rescales; undefined without it. */
export const preInitializer = (
  { init, "pre-init": preInit }: Pick<TrainValues, "init" | "pre-init">,
): Settings["preInit"] => init === "lsuv" ? preInit ?? "orthonormal" : undefined;

/** Whether weights are drawn with a standard deviation of choice. */
export const takesStd = (values: Pick<TrainValues, "init" | "pre-init">): boolean =>
  ["gaussian", "uniform"].includes(preInitializer(values) ?? values.init);

/** Throws on regularization that does not fit the loss, the teacher or the batch. */
function checkMixing(values: ResolvedValues): void {
  const { mixup, cutmix, loss, teacher, batch, accumulate = 1 } = values;
  if (mixup !== undefined && cutmix !== undefined) {
    fail(`--cutmix: expected no --mixup beside it, found --mixup ${mixup}`);
  }
  if (values["label-smoothing"]) {
    if (loss !== "softmax") {
      fail(`--label-smoothing: expected --loss softmax beside it, found --loss ${loss}`);
    }
    if (teacher !== undefined) {
      fail(`--label-smoothing: expected no --teacher beside it, found --teacher ${teacher}`);
    }
  }
  if (batch % accumulate !== 0) {
    fail(`--accumulate: expected a divisor of the batch size, ${batch}, found ${accumulate}`);
  }
}

/** Throws on options that mean nothing in combination with the others. */
export function checkPairs(
  task: TaskName,
  given: ReadonlySet<string>,
  values: ResolvedValues,
): void {
  const beside = (name: string, expected: string, found: string): never =>
    fail(`--${name}: expected ${expected} beside it, found ${found}`);
  for (const [name, other, expected] of REQUIREMENTS) {
    if (!given.has(name) || expected.includes(values[other])) continue;
    beside(name, `--${other} ${expected.join(" or ")}`, `--${other} ${values[other]}`);
  }
  const { init, gain } = values, found = `--init ${init}`;
  for (const name of ["std", "layer-stds"] as const) {
    if (values[name] !== undefined && !takesStd(values)) {
      beside(name, "gaussian or uniform weights", found);
    }
  }
  if (gain !== undefined && init !== "orthonormal") beside("gain", "--init orthonormal", found);
  if (given.has("lsuv-dropout") && init !== "lsuv") beside("lsuv-dropout", "--init lsuv", found);
  checkMixing(values);
  if (given.has("shift") && !values.augment) beside("shift", "--augment", "--no-augment");
  if (values.augment && !recipeOf(task).augments) {
    const able = Object.entries<Recipe>(RECIPES).filter(([, { augments }]) => augments);
    const tasks = able.map(([name]) => taskCommand(name as TaskName)).join(" or ");
    fail(`--augment: expected the task ${tasks}, found ${taskCommand(task)}`);
  }
}
