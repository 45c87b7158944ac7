/**
 * The help of a training task around its options.
 *
 * @module
 */
import type { Page } from "../cli/help.ts";
import type { TaskName } from "../run/settings.ts";
import { recipeOf } from "./recipes.ts";

const examples = (task: TaskName, command: string): Page["examples"] => {
  const [options, what] = recipeOf(task).example;
  return [
    [command, "What suits the device; the first run downloads the data:"],
    [`${command} --preset paper`, "What the paper trained, for as long, on any device:"],
    [`${command} --subset 2000 --epochs 1`, "A quick look:"],
    [`${command} --data path/to/${task}`, "With files that are already here:"],
    [
      `${command} --init gaussian --std 0.01 --seed 1`,
      "The same net from small gaussian weights:",
    ],
    [`${command} --resume runs/…`, "Resume a run that was cut off:"],
    [`${command} --resume runs/… --epochs 100`, "Make a finished run longer:"],
    [`${command} ${options}`, what],
  ];
};

const NOTES = [
  "Data comes from --data or GOODINIT_DATA, else from the user's folder for caches, else it is downloaded " +
  "there and checked. GOODINIT_MIRRORS=https://host/folder/,… asks other mirrors than the usual ones, " +
  "GOODINIT_MIRRORS=none asks none. docs/data.md has more.",
  "A run's folder gets manifest.json (settings, data, device, versions, results), epochs.csv, lsuv.csv " +
  "with --init lsuv, curve.svg and variance.svg, profile.csv with --profile, weights.safetensors, " +
  "and in checkpoints/ the " +
  "last two checkpoints. Ctrl-C ends a run and saves its weights; so does a loss that is no longer " +
  "finite, with the last good ones.",
  "A run that was ended by Ctrl-C, kill, a full disk or a power cut is resumed by --resume. Beside it, " +
  "--data, --threads, --checkpoint-every, --profile, --figures, --watch and --quiet may differ from before, " +
  "and --epochs may be larger: the run, finished or not, is then the one that had so many from the start " +
  "and the drops of its learning rate where they are (--drop-at in its manifest).",
  "Paths are relative to where the command is given, also below the project's folder.",
] as const;

/** The help of a task. */
export function trainPage(task: TaskName): Page {
  const command = `deno task train:${task}`;
  return {
    command,
    about: `train a FitNet on ${recipeOf(task).trainsOn} from an initialization of choice, ` +
      'by the recipe of "All You Need Is a Good Init": at the paper\'s length on a hardware GPU, ' +
      "else for a few minutes.",
    examples: examples(task, command),
    notes: NOTES,
  };
}
