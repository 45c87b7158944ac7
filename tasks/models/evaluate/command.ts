/**
 * `deno task evaluate`: how a trained net does on a data set.
 *
 * @module
 */
import { type Dataset, fingerprint, subset } from "../../../src/data/mod.ts";
import { classNames } from "../../datasets/class_names.ts";
import { type Command, command, openDevice } from "../../cli/command.ts";
import { evaluateNet } from "./confusion.ts";
import { outcomeText, writeOutcome } from "./show.ts";
import { imagesFrom, prepareFor, withMean } from "../inputs.ts";
import { openModel } from "../open.ts";
import { DATA_OPTIONS, givenFields, LOSS_OPTION, NET_OPTIONS } from "../options.ts";
import { newFolder } from "../../cli/new_place.ts";
import { percent } from "../../cli/progress.ts";
import { modelTitle } from "../model.ts";
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import { OptionError, type Values } from "../../cli/option_table.ts";

const TABLE = {
  ...DATA_OPTIONS,
  split: {
    kind: "choice",
    choices: ["test", "train"] as const,
    default: "test",
    help: "Which of its images.",
  },
  count: { kind: "integer", from: 1, help: "Look at so many images only.", otherwise: "all" },
  loss: LOSS_OPTION,
  batch: { kind: "integer", from: 1, default: 128, help: "Images a batch." },
  ...NET_OPTIONS,
  ...DEVICE_OPTIONS,
  out: {
    kind: "path",
    value: "DIR",
    help: "Writes classes.csv, confusion.csv and evaluation.json into a folder, new or empty.",
    otherwise: "nothing is written",
  },
} as const;

const EVALUATE: Command<typeof TABLE> = {
  name: "evaluate",
  table: TABLE,
  page: {
    command: "deno task evaluate",
    about: "evaluate a trained net on a data set: accuracy, mean loss, each class's precision " +
      "and recall, and what is taken for what.",
    operands: {
      names: [["RUN_OR_WEIGHTS", "The folder of a run, or a weights file.", "path"]],
      least: 1,
    },
    examples: [
      ["deno task evaluate runs/MY-RUN", "On the test images of what it was trained on:"],
      [
        "deno task evaluate runs/MY-RUN --split train --count 1000 --out report",
        "On some of the training images, with files of the tables:",
      ],
      [
        "deno task evaluate old.safetensors --net fitnet1 --activation relu",
        "Weights that do not say what net they are of:",
      ],
    ],
    notes: [
      "Images are preprocessed as in training. CIFAR's mean image is in the weights file; where it is " +
      "not, it is computed from the training images again.",
      "A class's precision is the share of the images taken for it that are of it, its recall the share of " +
      "its images that are taken for it.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

function cut(dataset: Dataset, count: number | undefined): Dataset {
  if (count === undefined) return dataset;
  if (count <= dataset.count) return subset(dataset, count);
  throw new OptionError(
    `--count: expected at most ${dataset.count} images, which ${dataset.name} has, found ${count}`,
  );
}

async function work(path: string, values: Values<typeof TABLE>): Promise<void> {
  const { split, count, batch, device, threads, out } = values;
  const trained = await openModel(path, givenFields(values));
  const { model: saved, net, params, path: weights } = trained;
  const source = { ...values, own: trained.data };
  const { dataset: name = saved.dataset, loss = saved.loss } = values;
  const images = cut(await imagesFrom(saved, source, split), count);
  const model = await withMean(saved, source);
  await using run = await openDevice({ device, threads });
  if (out !== undefined) await newFolder(out);
  const outcome = await evaluateNet(run, { net, params, loss }, prepareFor(model, images), batch);
  const names = classNames(name, model.classes, images.classNames ?? model.classNames);
  console.log([
    `${images.name}, ${images.count} images`,
    modelTitle(model),
    `accuracy ${percent(outcome.accuracy)}`,
    `mean ${loss} loss ${outcome.loss.toFixed(4)}`,
  ].join(" | "));
  console.log(`\n${outcomeText(outcome, names)}`);
  if (out === undefined) return;
  const data = { name: images.name, sha256: await fingerprint(images) };
  await writeOutcome(out, outcome, names, { weights, data, lossName: loss });
  console.log(`\n${out}`);
}

/** Runs the task; returns the exit code. */
export const evaluate = (args: readonly string[]): Promise<number> =>
  command(EVALUATE, args, ({ values, operands: [path] }) => work(path!, values));
