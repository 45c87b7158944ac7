/**
 * Recipes of nets: what a training task makes of them, alone and beside other options.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { MODEL_RECORDS, type ModelName } from "../../../src/models/registry.ts";
import { key } from "../../../src/random.ts";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { constant } from "../../../src/ops/mod.ts";
import { type Params, placeholder, type Tensor } from "../../../src/tensor.ts";
import { leaves, unflatten } from "../../../src/tree.ts";
import { OptionError } from "../../../tasks/cli/option_table.ts";
import { parseOptions } from "../../../tasks/cli/parse_options.ts";
import { type DatasetName, namesTrainedBy } from "../../../tasks/datasets/registry.ts";
import { planCells } from "../../../tasks/experiments/cells.ts";
import type { PresetName, Settings, TaskName } from "../../../tasks/run/settings.ts";
import { buildRunNet } from "../../../tasks/training/build.ts";
import { buildOptimizer } from "../../../tasks/training/build_optimizer.ts";
import { trainTable } from "../../../tasks/training/options/mod.ts";
import {
  NET_RECIPES,
  netRecipe,
  netsWithRecipe,
  recipeOptions,
  resolveShares,
} from "../../../tasks/training/recipes/mod.ts";
import { type RecipeValues, resolveVariants } from "../../../tasks/training/recipes/recipe.ts";
import { resolveSettings } from "../../../tasks/training/settings.ts";
import { SMALL } from "../experiments/small.ts";

function settings(task: TaskName, line: string, preset: PresetName): Settings {
  const parsed = parseOptions(trainTable(task), line.split(" ").filter(Boolean));
  assert(parsed !== "help");
  return resolveSettings(task, parsed, preset);
}

const CIFAR: RecipeValues = recipeOptions("nin", "cifar10");

/** Every recipe, with the tasks that train on its data set. */
const ALL = Object.entries(NET_RECIPES).flatMap(([net, recipes]) =>
  Object.keys(recipes).flatMap((dataset) =>
    (["cifar", "mnist"] as const)
      .filter((task) => namesTrainedBy(task).includes(dataset as DatasetName))
      .map((task) => [net as ModelName, dataset as DatasetName, task] as const)
  )
);

const LSUV = ["lsuv", "lsuvMode", "lsuvDropout"];

/** Settings in which presets differ with a recipe: the initializer, and what is in epochs. */
const OF_LENGTH = [
  ...["preset", "epochs", "dropAt", "dropEvery"],
  ...["init", "preInit", "std", "layerStds", "gain", "normalize", "lsuvBatch", ...LSUV],
];

const camelCase = (option: string): string =>
  option.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Settings without those in which presets differ. */
const withoutPreset = (all: Settings) =>
  Object.fromEntries(
    Object.entries(all).filter(([name, value]) =>
      ![...LSUV, "preset"].includes(name) && value !== undefined
    ),
  );

for (const [net, dataset, task] of ALL) {
  Deno.test(`the recipe of ${net} for ${dataset} is followed wholly by --preset paper`, () => {
    const paper = settings(task, `--net ${net} --dataset ${dataset}`, "paper");
    const options = recipeOptions(net, dataset), description = { ...SMALL, trains: task };
    const rows = [{ name: "as published", options: { ...options, dataset } }];
    const [cell] = planCells(
      {
        ...description,
        options: {},
        lengths: { ...SMALL.lengths, paper: {} },
        rows,
        columns: [{ name: "" }],
      },
      { length: "paper", seeds: [0], options: {} },
    );
    assertEquals(withoutPreset(cell!.settings), withoutPreset(paper));
    assertEquals([paper.epochs, paper.batch, paper.rate], [
      options.epochs,
      options.batch,
      options.rate,
    ]);
  });

  Deno.test(`the recipe of ${net} for ${dataset} trains its parameters`, () => {
    const run = settings(task, `--net ${net} --dataset ${dataset}`, "paper");
    const { height, width, channels } = MODEL_RECORDS[net].images;
    const images = placeholder({ shape: [1, height, width, channels], dtype: "f32" });
    const params = buildRunNet(run, 10).init(key(0), images);
    const optimizer = buildOptimizer(run, 10, params);
    const [next] = optimizer.step(params, params, optimizer.init(params));
    assertEquals(next.length, params.length);
  });

  Deno.test(`the recipe of ${net} for ${dataset} is shorter and starts from LSUV by --preset quick`, () => {
    const quick = settings(task, `--net ${net} --dataset ${dataset}`, "quick");
    const paper = settings(task, `--net ${net} --dataset ${dataset}`, "paper");
    assertEquals([quick.init, quick.preInit], ["lsuv", "orthonormal"]);
    const otherwise = Object.keys(NET_RECIPES[net]?.[dataset]?.fromLsuv ?? {}).map(camelCase);
    const factor = quick.epochs / paper.epochs,
      near = (at: number) => Number((at * factor).toFixed(3));
    for (const name of Object.keys(paper) as (keyof Settings)[]) {
      if (OF_LENGTH.includes(name) || name.endsWith("Until") || otherwise.includes(name)) continue;
      assertEquals(quick[name], paper[name], name);
    }
    assert(quick.epochs <= 10);
    assertEquals(quick.dropAt.map((at) => Number(at.toFixed(3))), paper.dropAt.map(near));
  });
}

Deno.test("--net allCnn --preset paper trains as Springenberg et al. did", () => {
  const run = settings("cifar", "--net allCnn", "paper");
  const { activation, init, std, optimizer, rate, momentum, weightDecay, decayBiases } = run;
  assertEquals([activation, init, std, optimizer], ["relu", "xavier", undefined, "sgd"]);
  assertEquals([rate, momentum, weightDecay, decayBiases], [0.05, 0.9, 0.001, true]);
  const { dropAt, batch, epochs, dropout, augment } = run;
  assertEquals([dropAt, batch, epochs, dropout, augment], [[200, 250, 300], 256, 350, 0.5, true]);
});

Deno.test("a net's recipe scales its schedule with --epochs, on any of the task's data sets", () => {
  const run = settings("cifar", "--net allCnn --epochs 7 --procedural", "paper");
  assertEquals([run.dropAt, run.epochs, run.dataset], [[4, 5, 6], 7, "procedural"]);
  assertEquals(settings("cifar", "--net allCnn --procedural", "quick").epochs, 10);
});

Deno.test("options take precedence over a net's recipe, with what belongs to them", () => {
  const at = (line: string) => settings("cifar", `--net allCnn ${line}`, "paper");
  const adam = at("--optimizer adam");
  assertEquals([adam.rate, adam.momentum, adam.batch], [0.001, undefined, 256]);
  const same = at("--optimizer sgd --rate 0.1");
  assertEquals([same.rate, same.momentum], [0.1, 0.9]);
  const poly = at("--schedule poly --power 0.5");
  assertEquals([poly.schedule, poly.dropAt, poly.power, poly.rateUntil], ["poly", [], 0.5, 350]);
  assertEquals(at("--drop-at 5,6").dropAt, [5, 6]);
  const gaussian = at("--init gaussian --activation tanh");
  assertEquals([gaussian.init, gaussian.std, gaussian.activation], ["gaussian", 0.01, "tanh"]);
  const lsuv = at("--init lsuv");
  assertEquals([lsuv.init, lsuv.lsuv, lsuv.epochs], ["lsuv", "paper2015", 350]);
});

Deno.test("a recipe says whether LSUV measures with dropout", () => {
  const at = (line: string, preset: PresetName) =>
    settings("cifar", `--net vggCifar ${line}`, preset);
  assertEquals(at("", "quick").lsuvDropout, true);
  assertEquals(at("--no-lsuv-dropout", "quick").lsuvDropout, false);
  assertEquals([at("", "paper").init, at("", "paper").lsuvDropout], ["orthonormal", false]);
  assertEquals(at("--init lsuv", "paper").lsuvDropout, true);
  assertEquals(at("--init he", "quick").lsuvDropout, false);
});

Deno.test("a net's recipe has what its form asks for, by its own options", () => {
  const at = (line: string) => settings("cifar", `--net dsn ${line}`, "paper");
  assertEquals([at("").layerRates?.length, at("").layerStds?.length], [12, 12]);
  const off = at("--companions off");
  assertEquals([off.layerRates?.length, off.layerStds], [9, [0.05]]);
  assertEquals(at("--companions off --layer-rates 2").layerRates, [2]);
  const { companions, ...options } = recipeOptions("dsn", "cifar10", { companions: "off" });
  assertEquals([companions, options["layer-rates"]?.length, "variants" in options], [
    "off",
    9,
    false,
  ]);
  const recipe = {
    ...CIFAR,
    variants: [{ where: { stem: "small" }, values: { rate: 7 } }],
  } as const;
  assertEquals(resolveVariants(recipe, { stem: "small" }), { ...CIFAR, rate: 7 });
  assertEquals(resolveVariants(recipe, { stem: "imagenet" }), CIFAR);
});

Deno.test("a net without a recipe has the FitNets' defaults", () => {
  assertEquals(netRecipe("branching", "cifar", "cifar10"), undefined);
  assertEquals(netRecipe("allCnn", "mnist", "mnist"), undefined);
  const { rate, batch, activation } = settings("mnist", "--net allCnn", "quick");
  assertEquals([rate, batch, activation], [0.002, 64, "relu"]);
  assert(netsWithRecipe("cifar").includes("allCnn") && !netsWithRecipe("mnist").includes("allCnn"));
  assertThrows(
    () => recipeOptions("branching", "mnist"),
    Error,
    "expected one of branching for mnist",
  );
});

Deno.test("resolveShares() gives shares in epochs, behind the other options", () => {
  const options = {
    "drop-shares": [0.5, 1 / 3],
    "drop-every-share": 0.25,
    rate: 1,
    "rate-until-share": 1,
  };
  assertEquals(Object.entries(resolveShares(options, 10)), [
    ["rate", 1],
    ["drop-at", [5, 3.3333]],
    ["drop-every", 2.5],
    ["rate-until", 10],
  ]);
});

Deno.test("buildOptimizer() counts the layers that numbers by layer are for", () => {
  const run = settings("cifar", "--net fitnet1 --max-norm 1,2", "quick");
  const image = placeholder({ shape: [1, 32, 32, 3], dtype: "f32" });
  const params = buildRunNet(run, 10).init(key(0), image);
  assertThrows(
    () => buildOptimizer(run, 10, params),
    OptionError,
    "--max-norm: expected one number, or 11, one for each layer with weights, found 2",
  );
});

Deno.test("buildOptimizer() has the factors of rate and decay by layer and for biases", () => {
  const run = settings(
    "cifar",
    "--net torchMnist --rate 1 --momentum 0 --weight-decay 0.25 --bias-rate 2 --decay-biases " +
      "--layer-rates 1,1,1,0.5 --layer-decays 1,1,1,3",
    "quick",
  );
  const image = placeholder({ shape: [1, 28, 28, 1], dtype: "f32" });
  const shapes = buildRunNet(run, 10).init(key(0), image);
  const filled = (value: number) =>
    unflatten<unknown, Tensor, Tensor>(
      shapes,
      leaves<Tensor>(shapes).map((x) => constant(value, x.shape)),
    ) as Params;
  const optimizer = buildOptimizer(run, 10, shapes);
  const [next] = optimizer.step(filled(1), filled(0), optimizer.init(filled(1)));
  const found = leaves<Tensor>(next).map((x) => evaluate([x])[0]![0]);
  assertEquals(found, [0.75, 0.5, 0.75, 0.5, 0.75, 0.5, 1 - 0.5 * 0.75, 1 - 0.75]);
});

Deno.test("a recipe's rate for LSUV is that of every run from LSUV, and of no other", () => {
  const rate = (line: string, preset: PresetName) => settings("cifar", line, preset).rate;
  assertEquals(rate("--net nin", "paper"), 0.1);
  assertEquals(rate("--net nin", "quick"), 0.01);
  assertEquals(rate("--net nin --init lsuv", "paper"), 0.01);
  assertEquals(rate("--net nin --init gaussian", "quick"), 0.1);
  assertEquals(rate("--net nin --rate 0.3", "quick"), 0.3);
  const layers = (line: string) => settings("cifar", line, "quick").layerRates?.length;
  assertEquals([layers("--net dsn"), layers("--net dsn --companions off")], [12, 9]);
});
