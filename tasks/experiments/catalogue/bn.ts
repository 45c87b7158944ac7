/**
 * `repro:bn`: batch normalization against LSUV, by epoch and by second.
 *
 * The paper (section 1) says that batch normalization makes an epoch 30 % longer, and that nets from LSUV do
 * without. The VGG-like net is that of the second experiment of yobibyte's blog about LSUV in Torch.
 *
 * @module
 */
import type { ModelName } from "../../../src/models/registry.ts";
import { recipeOptions } from "../../training/recipes/mod.ts";
import type { Length, RunOptions, Variant } from "../description.ts";
import type { Experiment } from "../experiment.ts";
import { AUTHORS_LSUV, LSUV_DIFFERS, QUICK_CIFAR } from "./nets.ts";

/** What the initializer of a row replaces in a recipe, and what is chosen by length. */
const CHOSEN = ["init", "std", "gain", "batch", "epochs"];

/** The recipe of a net, without its initializer and its length. */
const recipe = (net: ModelName): RunOptions =>
  Object.fromEntries(
    Object.entries(recipeOptions(net, "cifar10")).filter(([name]) => !CHOSEN.includes(name)),
  ) as RunOptions;

const FITNET = "FitNet", VGG = "VGG-like", GOOGLENET = "GoogLeNet";

const { rate, dropout = 0.5, ...VGG_RECIPE } = recipe("vggCifar");

/** What a narrower net has otherwise. */
const VGG_FULL = { rate, dropout };

/** The columns by the option's values. */
const COLUMNS: Readonly<Record<string, Variant>> = {
  fitnet: {
    name: FITNET,
    at: {
      quick: { net: "fitnet4", shrink: "4" },
      cpu: { net: "fitnet1" },
      gpu: { net: "fitnet4" },
      paper: { net: "fitnet4", epochs: 230 },
    },
  },
  vgg: {
    name: VGG,
    options: VGG_RECIPE,
    at: {
      quick: { shrink: "8", dropout: 0, rate: 0.02, size: 32 },
      // Narrower by 4, it has a quarter of the dropout, and a rate at which it learns within ten epochs.
      cpu: { shrink: "4", dropout: 0.125, rate: 0.02, subset: 20_000 },
      gpu: VGG_FULL,
      paper: { ...VGG_FULL, epochs: 100 },
    },
  },
  googlenet: {
    name: GOOGLENET,
    options: recipe("googlenet"),
    at: {
      quick: { shrink: "16" },
      cpu: { shrink: "4", subset: 4000, batch: 32 },
      paper: { epochs: 60, batch: 32 },
    },
  },
};

/** Without the net, which is a column's. */
const { net: _net, shrink: _shrink, ...QUICK } = QUICK_CIFAR;

const lengths: Readonly<Record<Length, RunOptions>> = {
  quick: QUICK,
  cpu: { epochs: 10, subset: 10_000, "test-subset": 2000, batch: 128 },
  gpu: { epochs: 30, batch: 128 },
  paper: { batch: 128 },
};

/** The rows with batch normalization, and without. */
const WITH = ["BN, orthonormal", "BN, LSUV"], WITHOUT = ["LSUV", "neither (MSRA)"];

/** Batch normalization against LSUV. */
export const bn: Experiment = {
  name: "repro:bn",
  about: "batch normalization against LSUV, accuracy by epoch and by second, and what it costs.",
  options: {
    on: {
      kind: "choice",
      choices: ["all", ...Object.keys(COLUMNS)],
      default: "all",
      help:
        "The column: FitNet-4 (FitNet-1 on a CPU), the VGG-like net of yobibyte's blog, GoogLeNet for " +
        "small images, or all of them.",
    },
  },
  describe: ({ on = "all" }) => ({
    task: "repro:bn",
    title: "Batch normalization and LSUV",
    question:
      "Does a net from LSUV learn as fast as one with batch normalization, by epoch and by second?",
    measure: "test accuracy %",
    trains: "cifar",
    options: {},
    lengths,
    rows: [
      { name: WITHOUT[0]!, options: { ...AUTHORS_LSUV, batchnorm: "no" } },
      { name: WITH[0]!, options: { init: "orthonormal", batchnorm: "yes" } },
      { name: WITH[1]!, options: { ...AUTHORS_LSUV, batchnorm: "yes" } },
      { name: WITHOUT[1]!, options: { init: "he", batchnorm: "no" } },
    ],
    columns: on === "all" ? Object.values(COLUMNS) : [COLUMNS[String(on)]!],
    quick: { rows: [WITHOUT[0]!, WITH[0]!], columns: [FITNET, VGG] },
    paper: null,
    curves: true,
    bySecond: true,
    overhead: { of: "batch normalization", with: WITH, without: WITHOUT, paper: 30 },
    differs: [
      LSUV_DIFFERS,
      "the paper's 30 % is of its authors' GPU and Caffe; the blog has a plot and no numbers",
      "in GoogLeNet batch normalization replaces biases and local response normalization; it has the stem " +
      "for small images",
    ],
  }),
};
