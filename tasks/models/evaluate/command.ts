/**
 * `deno task evaluate`: evaluates a trained net on a data set.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import { type Dataset, fingerprint, subset } from "../../../src/data/mod.ts";
import { classNames } from "../../datasets/class_names.ts";
import { type Command, command, openDevice } from "../../cli/command.ts";
import { evaluateNet } from "./confusion.ts";
import { outcomeText, writeOutcome } from "./show.ts";
import { imagesFrom, prepareInputs, withMean } from "../inputs.ts";
import { openModel } from "../open.ts";
import { DATA_OPTIONS, givenFields, LOSS_OPTION, NET_OPTIONS, NET_SECTION } from "../options.ts";
import { newFolder } from "../../cli/output_paths.ts";
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
    help: "The split to evaluate on.",
  },
  count: { kind: "integer", from: 1, help: "How many images to use.", otherwise: "all" },
  loss: LOSS_OPTION,
  batch: { kind: "integer", from: 1, default: 128, help: "Images per batch." },
  ...NET_OPTIONS,
  ...DEVICE_OPTIONS,
  out: {
    kind: "path",
    value: "DIR",
    help: "A new or empty folder to write classes.csv, confusion.csv and evaluation.json to.",
    otherwise: "nothing is written",
  },
} as const;

const EVALUATE: Command<typeof TABLE> = {
  name: "evaluate",
  table: TABLE,
  page: {
    command: "deno task evaluate",
    about:
      "evaluate a trained net on a data set: accuracy, mean loss, the precision and recall of " +
      "each class, and the confusion matrix.",
    operands: {
      names: [["RUN_OR_WEIGHTS", "The folder of a run, or a weights file.", "path"]],
      least: 1,
    },
    sections: [NET_SECTION],
    examples: [
      [
        "deno task evaluate runs/MY-RUN",
        "On the test images of the data set that it was trained on:",
      ],
      [
        "deno task evaluate runs/MY-RUN --split train --count 1000 --out report",
        "On some of the training images, with the tables written to files:",
      ],
      [
        "deno task evaluate old.safetensors --net fitnet1 --activation relu",
        "Weights without a description of their net:",
      ],
    ],
    notes: [
      "Images are preprocessed as in training. CIFAR's mean image is in the weights file; where it is " +
      "not, it is computed from the training images again.",
      "The precision of a class is the fraction of correct predictions among the images predicted as that " +
      "class; its recall is their fraction among the images of that class.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

function firstImages(dataset: Dataset, count: number | undefined): Dataset {
  if (count === undefined) return dataset;
  if (count <= dataset.count) return subset(dataset, count);
  throw new OptionError(
    `--count: expected at most ${
      counted(dataset.count, "image")
    }, which ${dataset.name} has, found ${count}`,
  );
}

async function work(path: string, values: Values<typeof TABLE>): Promise<void> {
  const { split, count, batch, device, threads, out } = values;
  const trained = await openModel(path, givenFields(values));
  const { model: saved, net, params, path: weights } = trained;
  const source = { ...values, own: trained.data, pictures: trained.pictures };
  const { dataset: name = saved.dataset, loss = saved.loss } = values;
  const images = firstImages(await imagesFrom(saved, source, split), count);
  const model = await withMean(saved, source);
  await using run = await openDevice({ device, threads });
  if (out !== undefined) await newFolder(out);
  const prepared = await prepareInputs(run, model, weights, images);
  const outcome = await evaluateNet(run, { net, params, loss }, prepared, batch);
  const names = classNames(name, model.classes, images.classNames ?? model.classNames);
  console.log([
    `${images.name}, ${counted(images.count, "image")}`,
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
