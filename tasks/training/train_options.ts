/**
 * The options of the training tasks, and the recipes of the paper behind their defaults.
 *
 * @module
 */
import { MOST_THREADS } from "../../src/device/cpu/mod.ts";
import { DEVICES } from "../../src/device/open.ts";
import { PRESETS } from "../../src/init/mod.ts";
import { ACTIVATIONS, MODELS } from "../../src/models/mod.ts";
import { LOSSES } from "../../src/nn/mod.ts";
import { OWN_IDX } from "../../src/data/catalogue/own_idx.ts";
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import type { Page } from "../cli/help.ts";
import type { Parsed, Values } from "../cli/options.ts";
import { PRESET_NAMES, presetDefault } from "./presets.ts";
import { namesTrainedBy } from "../datasets/registry.ts";
import { INITS, type TaskName } from "../run/settings.ts";
import { WATCH } from "../cli/watch_options.ts";

/** Where data may lie: as the device suggests, on it, or on the host. */
const RESIDENT = ["auto", "yes", "no"] as const;

const keys = <T extends object>(table: T) => Object.keys(table) as (keyof T & string)[];

/** What the two tasks do not have in common: the authors' solvers and data. */
const RECIPES = {
  cifar: {
    optimizer: "sgd",
    batch: 128,
    augment: true,
    decayBiases: false,
  },
  mnist: {
    optimizer: "rmsprop",
    batch: 64,
    augment: false,
    decayBiases: true,
  },
} as const;

/** The table of options of a task. */
export function trainTable(task: TaskName) {
  const recipe = RECIPES[task], datasets = namesTrainedBy(task), [usual] = datasets;
  return {
    preset: {
      kind: "choice",
      choices: PRESET_NAMES,
      help:
        "What --net, --epochs, --lsuv, --lsuv-mode and --lsuv-dropout are unless given: paper, as the " +
        "paper trained it; quick, a few minutes on a processor.",
      otherwise: "paper on a hardware GPU, quick elsewhere; a line at the start tells which",
    },
    data: {
      kind: "path",
      value: "DIR",
      help: "The folder of the data set's files, or an archive of them (.tar.gz, .zip).",
      otherwise: "the environment variable GOODINIT_DATA; without either the data is downloaded",
    },
    dataset: {
      kind: "choice",
      choices: datasets,
      help: `What to train on; ${PROCEDURAL.name} is images of ten shapes that a program draws` +
        (datasets.includes(OWN_IDX.name)
          ? `, ${OWN_IDX.name} files of one's own in MNIST's form.`
          : "."),
      otherwise:
        (datasets.includes(OWN_IDX.name)
          ? "what the names of the files and folders of --data say, else "
          : "") + `${usual}, or ${PROCEDURAL.name} with a warning where that cannot be had`,
    },
    procedural: {
      kind: "flag",
      default: false,
      help: `The same as --dataset ${PROCEDURAL.name}.`,
    },
    net: {
      kind: "choice",
      choices: keys(MODELS),
      help: "The network; fitnet4 is the paper's, fitnet1 its small sister, torchMnist the digit " +
        "classifier of Torch's demos, branching a net of convolutions side by side.",
      otherwise: presetDefault(task, "net"),
    },
    blocks: {
      kind: "choice",
      choices: ["5-6-6", "5-5-5"] as const,
      help: "Convolutions in the blocks of fitnet4.",
      otherwise: "5-6-6, as the authors trained it",
    },
    activation: {
      kind: "choice",
      choices: ACTIVATIONS,
      default: "maxout",
      help: "What follows each layer.",
    },
    init: {
      kind: "choice",
      choices: INITS,
      default: "lsuv",
      help:
        "How initial weights are made. xavier is Caffe's, of variance 1 / fan-in; glorot is of " +
        "variance 2 / (fan-in + fan-out); he of 2 / fan-in.",
    },
    "pre-init": {
      kind: "choice",
      choices: ["orthonormal", "gaussian"] as const,
      help: "With --init lsuv: the weights that are rescaled.",
      otherwise: "orthonormal",
    },
    std: {
      kind: "number",
      above: 0,
      help: "The standard deviation of gaussian weights.",
      otherwise: "0.01, or 1 before lsuv",
    },
    gain: {
      kind: "number",
      above: 0,
      help: "With --init orthonormal: what orthonormal weights are multiplied by.",
      otherwise: "1",
    },
    lsuv: {
      kind: "choice",
      choices: keys(PRESETS),
      help: "With --init lsuv: tolerance of the variance and most trials; " +
        keys(PRESETS).map((name) =>
          `${name} ${PRESETS[name].tolerance} and ${PRESETS[name].maxTrials}`
        )
          .join(", ") +
        ".",
      otherwise: presetDefault(task, "lsuv"),
    },
    "lsuv-tolerance": {
      kind: "number",
      above: 0,
      help: "With --init lsuv: how far from 1 a variance may be.",
      otherwise: "as --lsuv says",
    },
    "lsuv-trials": {
      kind: "integer",
      from: 1,
      help: "With --init lsuv: the most trials of a layer; with one fixed batch three do.",
      otherwise: "as --lsuv says",
    },
    "lsuv-dropout": {
      kind: "flag",
      default: false,
      help:
        "With --init lsuv: whether dropout drops while variances are measured, as the authors " +
        "had it.",
      otherwise: presetDefault(task, "lsuv-dropout"),
    },
    "lsuv-batch": {
      kind: "integer",
      from: 1,
      help: "With --init lsuv: images whose variance is measured.",
      otherwise: "the training batch",
    },
    "lsuv-mode": {
      kind: "choice",
      choices: ["fixed", "fresh"] as const,
      help:
        "With --init lsuv: one fixed batch for all layers, or a fresh one for each trial, as the " +
        "authors had it.",
      otherwise: presetDefault(task, "lsuv-mode"),
    },
    normalize: {
      kind: "choice",
      choices: ["output", "input"] as const,
      help:
        "With --init lsuv: what is brought to unit variance, a layer's output (algorithm 1) or its " +
        "input (the paper's variant).",
      otherwise: "output",
    },
    optimizer: {
      kind: "choice",
      choices: ["sgd", "rmsprop", "adam"] as const,
      default: recipe.optimizer,
      help: "The rule of descent.",
    },
    rate: {
      kind: "number",
      above: 0,
      help: "The learning rate.",
      otherwise: task === "cifar"
        ? "0.01 for sgd, 0.0005 for rmsprop, 0.001 for adam"
        : "0.002 for rmsprop, 0.01 for sgd, 0.001 for adam",
    },
    momentum: {
      kind: "number",
      from: 0,
      below: 1,
      help: "With --optimizer sgd: the share of the last update that is kept.",
      otherwise: "0.9",
    },
    decay: {
      kind: "number",
      from: 0,
      below: 1,
      help: "With --optimizer rmsprop: the share of the running mean square that is kept.",
      otherwise: task === "cifar" ? "0.9" : "0.99",
    },
    "weight-decay": {
      kind: "number",
      from: 0,
      default: 5e-4,
      help: "This times each weight is added to its gradient.",
    },
    "decay-biases": {
      kind: "flag",
      default: recipe.decayBiases as boolean,
      help: "Whether biases decay too.",
    },
    clip: {
      kind: "number",
      above: 0,
      help: "The largest norm of all gradients together; larger ones are scaled down.",
      otherwise: "none",
    },
    "drop-at": {
      kind: "numbers",
      value: "EPOCH,…",
      help: "Epochs after which the rate is multiplied by --drop-by, fractions allowed, or none.",
      otherwise: task === "cifar"
        ? "4/9, 6/9 and 8/9 of --epochs, as in the paper"
        : "3/10, 6/10 and 9/10 of --epochs, as in the paper",
    },
    "drop-by": {
      kind: "number",
      above: 0,
      default: 0.1,
      help: "What the rate is multiplied by at each drop.",
    },
    batch: {
      kind: "integer",
      from: 1,
      default: recipe.batch as number,
      help: "Images a batch.",
    },
    epochs: {
      kind: "integer",
      from: 1,
      help: "How often all training images are seen.",
      otherwise: presetDefault(task, "epochs"),
    },
    subset: { kind: "integer", from: 1, help: "Train on so many images only.", otherwise: "all" },
    "test-subset": {
      kind: "integer",
      from: 1,
      help: "Test on so many images only.",
      otherwise: "all",
    },
    loss: {
      kind: "choice",
      choices: keys(LOSSES),
      default: "softmax",
      help: "Softmax cross-entropy, or a one-vs-all hinge (SVM).",
    },
    dropout: {
      kind: "number",
      from: 0,
      below: 1,
      help: "The rate of every dropout layer, 0 for none.",
      otherwise: "0 for fitnet1, 0.2 for fitnet4, 0.3 for fitnetMnist",
    },
    augment: {
      kind: "flag",
      default: recipe.augment as boolean,
      help: "Whether training images are shifted by up to 8 pixels and mirrored" +
        (task === "mnist" ? "; there is no such recipe for MNIST." : "."),
    },
    seed: { kind: "integer", from: 0, default: 0, help: "Decides everything that is drawn." },
    device: {
      kind: "choice",
      choices: DEVICES,
      default: "auto",
      help:
        "What computes. auto is webgpu with a hardware GPU, else cpu; reference is exact and very " +
        "slow.",
    },
    threads: {
      kind: "integer",
      from: 1,
      to: MOST_THREADS,
      help: "With the device cpu: how many threads compute; results do not depend on it.",
      otherwise: "as many as there are processors",
    },
    winograd: {
      kind: "flag",
      default: true,
      help:
        "With the device cpu: 3×3 convolutions by Winograd's algorithms, which are faster and " +
        "round more.",
    },
    resident: {
      kind: "choice",
      choices: RESIDENT,
      default: "auto",
      help:
        "Whether the data lies on the device, which then makes batches itself, equal up to rounding. auto: " +
        "on a GPU with room for it.",
    },
    wide: {
      kind: "flag",
      default: false,
      help:
        "With the device cpu: code for V8's flag --experimental-wasm-revectorize, which the task " +
        `train:${task}:fast sets; slower without it.`,
    },
    out: {
      kind: "path",
      value: "DIR",
      help: "The run's folder, which must be new or empty.",
      otherwise: "runs/TIME-NET-ACTIVATION-INIT-sSEED",
    },
    resume: {
      kind: "path",
      value: "DIR",
      help:
        "Go on with the run in this folder from its last checkpoint, by its own settings; its " +
        "results are those of a run that was never cut off. With a larger --epochs it becomes longer.",
      otherwise: "a new run",
    },
    "checkpoint-every": {
      kind: "number",
      from: 0,
      default: 60,
      help:
        "Seconds from one checkpoint to the next, 0 for one after each step. There is one at the " +
        "end and at Ctrl-C in any case.",
    },
    profile: {
      kind: "flag",
      default: false,
      help:
        "Whether each kernel's time is measured in training and testing, shown at the end as a " +
        "table, and written as profile.csv; this slows training down a little, on webgpu a lot.",
    },
    figures: {
      kind: "flag",
      default: true,
      help:
        "Whether the run's folder gets curve.svg and, with --init lsuv, variance.svg. They are drawn " +
        "by Vega-Lite, which npm fetches the first time; without it a run only says so.",
    },
    ...WATCH,
    quiet: { kind: "flag", default: false, help: "Print the last line only." },
  } as const;
}

/** What the options of a training task say. */
export type TrainValues = Values<ReturnType<typeof trainTable>>;

/** What the command line of a training task says. */
export type TrainOptions = Parsed<ReturnType<typeof trainTable>>;

/** The help around the options. */
export const trainPage = (task: TaskName): Page => {
  const command = `deno task train:${task}`;
  return {
    command,
    about:
      `train a FitNet on ${
        task === "cifar" ? "CIFAR-10 or CIFAR-100" : "MNIST or its kin"
      } from an ` +
      'initialisation of choice, by the recipe of "All You Need Is a Good Init": at the paper\'s ' +
      "length on a hardware GPU, else for a few minutes.",
    examples: [
      [command, "What suits the device; the first run downloads the data:"],
      [
        `${command} --preset paper`,
        "What the paper trained, for as long, on any device:",
      ],
      [`${command} --subset 2000 --epochs 1`, "A quick look:"],
      [`${command} --data path/to/${task}`, "With files that are already here:"],
      [
        `${command} --init gaussian --std 0.01 --seed 1`,
        "The same net from small gaussian weights:",
      ],
      [`${command} --resume runs/…`, "On with a run that was cut off:"],
      [`${command} --resume runs/… --epochs 100`, "A finished run made longer:"],
      task === "cifar"
        ? [
          `${command} --preset paper --dataset cifar100 --epochs 100`,
          "CIFAR-100 as the paper trained it, but for fewer epochs:",
        ]
        : [
          `${command} --preset paper --loss hinge`,
          "The paper's SVM head, at full length:",
        ],
    ],
    notes: [
      `Data comes from --data or GOODINIT_DATA, else from the user's folder for caches, else it is downloaded ` +
      "there and checked. GOODINIT_MIRRORS=https://host/folder/,… asks other mirrors than the usual ones, " +
      "GOODINIT_MIRRORS=none asks none. docs/data.md tells more.",
      "A run's folder gets manifest.json (settings, data, device, versions, results), epochs.csv, lsuv.csv " +
      "with --init lsuv, curve.svg and variance.svg, profile.csv with --profile, weights.safetensors, " +
      "and in checkpoints/ the " +
      "last two checkpoints. Ctrl-C ends a run and saves its weights; so does a loss that is no longer " +
      "finite, with the last good ones.",
      "A run that was ended by Ctrl-C, kill, a full disk or a power cut goes on by --resume. Beside it, " +
      "--data, --threads, --checkpoint-every, --profile, --figures, --watch and --quiet may differ from before, " +
      "and --epochs may be larger: the run, finished or not, is then the one that had so many from the start " +
      "and the drops of its rate where they are (--drop-at in its manifest).",
      "Paths go from where the command is given, also below the project's folder.",
    ],
  };
};
