/**
 * `deno task evaluate`: evaluates a trained net on a data set.
 *
 * @module
 */
import { counted } from "../../../src/counted.ts";
import { type Dataset, fingerprint, type Prepared, subset } from "../../../src/data/mod.ts";
import { classNames } from "../../datasets/class_names.ts";
import { type Command, command, openDevice } from "../../cli/command.ts";
import { evaluateNet } from "./confusion.ts";
import { outcomeText, shareText, writeOutcome } from "./show.ts";
import {
  evaluateLabels,
  evaluateNumbers,
  labelsText,
  numbersText,
  writeOutputs,
} from "./outputs.ts";
import type { Predictor } from "../logits.ts";
import { LOSSES, type LossName, type TargetKind, targetKind } from "../../../src/nn/mod.ts";
import type { Runtime } from "../../../src/runtime/mod.ts";
import type { Params } from "../../../src/tensor.ts";
import { imagesFrom, prepareInputs, withMean } from "../inputs.ts";
import { openFiniteModel } from "../open.ts";
import {
  DATA_OPTIONS,
  givenFields,
  LOSS_OPTION,
  lossesOf,
  NET_OPTIONS,
  NET_SECTION,
} from "../options.ts";
import { newFolder } from "../../cli/output_paths.ts";
import { percent } from "../../cli/progress.ts";
import { modelTitle } from "../model.ts";
import { withMaxPixels } from "../../datasets/pictures/settings.ts";
import { MAX_PIXELS } from "../../images/max_pixels_option.ts";
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
  "max-pixels": MAX_PIXELS,
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
      "Of a net that predicts numbers: the mean absolute error, the root mean squared error and R² of each; of " +
      "several labels at once: precision, recall and F1 of each, a label being predicted where its " +
      "probability is above one half; --out writes them to outputs.csv.",
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

/** Throws an {@linkcode OptionError} on a loss that is of other labels. */
function checkLabels({ name, labels }: Dataset, kind: TargetKind, loss: LossName): void {
  const found = labels instanceof Float32Array;
  if (found === (kind !== "classes")) return;
  throw new OptionError(
    `--loss: expected one of ${lossesOf(found).join(", ")} for the ${
      found ? "numbers" : "classes"
    } that are the labels of ${name}, found ${loss}`,
  );
}

/** An evaluation as it is shown and written. */
interface Evaluated {
  /** The measures in one line. */
  readonly line: readonly string[];
  /** The tables. */
  readonly text: string;
  readonly write: (folder: string, about: Readonly<Record<string, unknown>>) => Promise<void>;
}

type Evaluate = (
  run: Runtime,
  predictor: Predictor<readonly Params[]>,
  images: Prepared,
  batch: number,
  names: readonly string[],
) => Promise<Evaluated>;

const lossText = (loss: LossName, value: number) => `mean ${loss} loss ${value.toFixed(4)}`;

/** How a net is evaluated, by what it predicts. */
const EVALUATIONS: Readonly<Record<TargetKind, Evaluate>> = {
  async classes(run, predictor, images, batch, names) {
    const outcome = await evaluateNet(run, predictor, images, batch);
    return {
      line: [`accuracy ${percent(outcome.accuracy)}`, lossText(predictor.loss, outcome.loss)],
      text: outcomeText(outcome, names),
      write: (folder, about) => writeOutcome(folder, outcome, names, about),
    };
  },
  async labels(run, predictor, images, batch, names) {
    const outcome = await evaluateLabels(run, predictor, images, batch, names);
    const { accuracy, labelAccuracy, f1 } = outcome.overall;
    return {
      line: [
        `label accuracy ${shareText(labelAccuracy)}`,
        `all labels correct ${shareText(accuracy)}`,
        `F1 ${shareText(f1)}`,
        lossText(predictor.loss, outcome.loss),
      ],
      text: labelsText(outcome),
      write: (folder, about) => writeOutputs(folder, outcome, about),
    };
  },
  async numbers(run, predictor, images, batch, names) {
    const outcome = await evaluateNumbers(run, predictor, images, batch, names);
    const { meanAbsoluteError, rSquared } = outcome.overall;
    return {
      line: [
        `mean absolute error ${Number(meanAbsoluteError!.toPrecision(4))}`,
        `R² ${rSquared?.toFixed(4) ?? "-"}`,
        lossText(predictor.loss, outcome.loss),
      ],
      text: numbersText(outcome),
      write: (folder, about) => writeOutputs(folder, outcome, about),
    };
  },
};

async function work(path: string, values: Values<typeof TABLE>): Promise<void> {
  const { split, count, batch, device, threads, out } = values;
  const trained = await openFiniteModel(path, givenFields(values));
  const { model: saved, net, params, path: weights } = trained;
  const source = {
    ...values,
    own: trained.data,
    pictures: withMaxPixels(trained.pictures, values["max-pixels"]),
  };
  const { dataset: name = saved.dataset, loss = saved.loss } = values;
  const images = firstImages(await imagesFrom(saved, source, split), count);
  const model = await withMean(saved, source);
  await using run = await openDevice({ device, threads });
  if (out !== undefined) await newFolder(out);
  const prepared = await prepareInputs(run, model, weights, images);
  const names = classNames(name, model.classes, images.classNames ?? model.classNames);
  const kind = targetKind(LOSSES[loss]);
  checkLabels(images, kind, loss);
  const { line, text, write } = await EVALUATIONS[kind](
    run,
    { net, params, loss },
    prepared,
    batch,
    names,
  );
  console.log([
    `${images.name}, ${counted(images.count, "image")}`,
    modelTitle(model),
    ...line,
  ].join(" | "));
  console.log(`\n${text}`);
  if (out === undefined) return;
  await write(out, {
    weights,
    data: { name: images.name, sha256: await fingerprint(images) },
    lossName: loss,
  });
  console.log(`\n${out}`);
}

/** Runs the task; returns the exit code. */
export const evaluate = (args: readonly string[]): Promise<number> =>
  command(EVALUATE, args, ({ values, operands: [path] }) => work(path!, values));
