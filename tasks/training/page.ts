/**
 * The help page of a training task, except its options.
 *
 * @module
 */
import type { ModelName } from "../../src/models/mod.ts";
import { type DatasetName, namesTrainedBy } from "../datasets/registry.ts";
import type { Page } from "../cli/help.ts";
import { taskCommand, type TaskName } from "../run/settings.ts";
import { optionArguments } from "../cli/option_arguments.ts";
import { NET_RECIPES, netsWithRecipe, resolveShares } from "./recipes/mod.ts";
import { trainSections } from "./options/mod.ts";
import { recipeOf } from "./recipes/fitnets.ts";

/** The first examples: how a task is called for the first time. */
function firstExamples(task: TaskName, command: string): Page["examples"] {
  if (task === "pictures") {
    return [
      [
        `${command} --data photos`,
        "The pictures in a folder, with the preset that fits the device:",
      ],
      [`${command} --data photos.csv --watch`, "The pictures of a table, watched in a browser:"],
      [`${command} --data photos --crop 128 --epochs 40`, "Larger windows, and longer:"],
      [`${command} --data photos --net resnet56`, "A deeper net:"],
    ];
  }
  return [
    [command, "The preset that fits the device; the first run downloads the data:"],
    [`${command} --preset paper`, "The paper's net at the paper's length, on any device:"],
    ...netsWithRecipe(task).slice(0, 1).map((net) =>
      [`${command} --net ${net} --preset paper`, "Another net, as its authors trained it:"] as const
    ),
    [`${command} --subset 2000 --epochs 1`, "A quick look:"],
    [`${command} --data path/to/${task}`, "With files that you already have:"],
  ];
}

const examples = (task: TaskName, command: string): Page["examples"] => {
  const [options, what] = recipeOf(task).example;
  const data = task === "pictures" ? " --data photos" : "";
  return [
    ...firstExamples(task, command),
    [
      `${command}${data} --init gaussian --std 0.01 --seed 1`,
      "The same net from small Gaussian weights:",
    ],
    [`${command} --resume runs/…`, "Resume an interrupted run:"],
    [`${command} --resume runs/… --epochs 100`, "Make a finished run longer:"],
    [`${command} ${options}`, what],
  ];
};

/** Where the defaults come from when a net has a recipe of its own. */
function recipesNote(task: TaskName): readonly string[] {
  const nets = netsWithRecipe(task).join(", ");
  if (nets === "") return [];
  const note = `A net with a recipe of its own (${nets}) takes what is not given ` +
    "from it: with --preset paper everything, that is optimizer, rates, schedule, regularization, batch, " +
    "augmentation, activation, initializer and epochs as its authors trained it; with --preset quick the " +
    "same but for LSUV as the initializer and a few epochs. Drops and other epochs of a schedule keep their " +
    "share of --epochs. --net NAME --help shows the recipe; its sources are in tasks/training/recipes. All other nets have the " +
    "defaults that stand beside the options.";
  return [note];
}

/** Where the data comes from. */
const dataNote = (task: TaskName): string =>
  task === "pictures"
    ? "Pictures are PNG, JPEG, WebP, GIF, AVIF or TIFF files of any size; those that cannot be read are listed " +
      "and left out. All but PNG and JPEG need the npm package sharp, which is fetched at first use and makes " +
      "reading faster. See docs/images.md."
    : "Data comes from --data or GOODINIT_DATA, else from the user's cache folder, else it is downloaded " +
      "there and verified. GOODINIT_MIRRORS=https://host/folder/,… names other mirrors than the default ones, " +
      "GOODINIT_MIRRORS=none disables downloads. See docs/data.md.";

const NOTES = [
  "A run's folder contains manifest.json (settings, data, device, versions, results), epochs.csv, lsuv.csv " +
  "with --init lsuv, curve.svg and variance.svg, profile.csv with --profile, weights.safetensors, " +
  "and in checkpoints/ the last two checkpoints. Ctrl-C ends a run and saves its weights; so does a loss, a " +
  "gradient or a weight that is not finite, unless --on-nonfinite goes on: the last good weights are saved.",
  "--resume continues a run that was ended by Ctrl-C, kill, a full disk or a power cut. Along with it, " +
  "--data, --device, --threads, --native, --distributed, --checkpoint-every, --profile, --figures, --tensorboard, --watch and --quiet may differ from before, " +
  "and --epochs may be larger: the run, finished or not, then equals one that had this many epochs from the " +
  "start and the same course of the learning rate (--drop-at or --rate-until as in its manifest). A run that diverged " +
  "continues with another --rate, --clip or --on-nonfinite.",
  "Paths are relative to the folder in which the command is given.",
] as const;

/** The recipe of a net as options, one paragraph for each data set; none for a net without one. */
function recipeNotes(task: TaskName, net: string | undefined): readonly string[] {
  const recipes = Object.entries(NET_RECIPES[net as ModelName] ?? {});
  const own = recipes.filter(([dataset]) => namesTrainedBy(task).includes(dataset as DatasetName));
  return own.map(([dataset, { epochs, variants: _, fromLsuv: __, ...values }]) => {
    const options = optionArguments(resolveShares({ epochs, ...values }, epochs)).join(" ");
    return `The recipe of ${net} on ${dataset}: ${options}`;
  });
}

/** The help page of a task, with the recipe of a net if one is named. */
export function trainPage(task: TaskName, net?: string): Page {
  const command = `deno task ${taskCommand(task)}`;
  return {
    command,
    about: recipeOf(task).about,
    sections: trainSections(task),
    examples: examples(task, command),
    notes: [...recipesNote(task), ...recipeNotes(task, net), dataNote(task), ...NOTES],
  };
}
