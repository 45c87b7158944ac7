/**
 * `deno task predict`: classifies images with a trained net.
 *
 * @module
 */
import { classNames } from "../../datasets/class_names.ts";
import { type Command, command, openDevice, TaskError } from "../../cli/command.ts";
import { prepareInputs, withMean } from "../inputs.ts";
import { LOSSES, targetKind } from "../../../src/nn/mod.ts";
import { openFiniteModel, type OpenModel } from "../open.ts";
import { DATA_OPTIONS, givenFields, NET_OPTIONS, NET_SECTION } from "../options.ts";
import { predictLogits } from "../logits.ts";
import { imagesNamed, type NamedImage, toDataset } from "./images.ts";
import { formatPrediction } from "./show.ts";
import { MAX_PIXELS } from "../../images/max_pixels_option.ts";
import { type PictureSettings, withMaxPixels } from "../../datasets/pictures/settings.ts";
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import type { Values } from "../../cli/option_table.ts";

const TABLE = {
  top: { kind: "integer", from: 1, default: 5, help: "How many classes to show." },
  threshold: {
    kind: "number",
    from: 0,
    below: 1,
    default: 0.5,
    help:
      "Of a net that predicts several labels at once: the probability from which on one is shown.",
  },
  invert: {
    kind: "flag",
    default: false,
    help: "Invert the images of files: MNIST's digits are white on black.",
  },
  "max-pixels": MAX_PIXELS,
  ...DATA_OPTIONS,
  ...NET_OPTIONS,
  ...DEVICE_OPTIONS,
} as const;

const PREDICT: Command<typeof TABLE> = {
  name: "predict",
  table: TABLE,
  page: {
    command: "deno task predict",
    about:
      "classify images with a trained net: the most likely classes and their probabilities, or " +
      "the labels or numbers that it predicts.",
    operands: {
      names: [
        ["RUN_OR_WEIGHTS", "The folder of a run, or a weights file.", "path"],
        [
          "IMAGE",
          "A PNG or JPEG file, or a folder of them; or test:N or train:N for image N, from 0, of the data set. For a file of " +
          "such a name write ./test:N.",
        ],
      ],
      least: 2,
      repeats: true,
    },
    sections: [NET_SECTION],
    examples: [
      ["deno task predict runs/MY-RUN cat.png dog.jpg", "Two files:"],
      ["deno task predict runs/MY-RUN photos", "All pictures in a folder:"],
      ["deno task predict runs/MY-RUN test:7", "An image of the data set, whose class is known:"],
      ["deno task predict runs/MY-DIGITS scan.png --invert", "A digit in black on white:"],
    ],
    notes: [
      "An image is rotated upright by its EXIF orientation, converted to the net's gray or color channels, " +
      "scaled to its input size (bilinear; stretched if the aspect ratio differs), and preprocessed as in " +
      "training. Transparent pixels become white.",
      "Probabilities are the softmax of the logits. A net trained with the hinge loss has not learned " +
      "probabilities: only their order is meaningful. Of a net trained with bce the labels above --threshold " +
      "are shown, each with its own probability; of one trained with mse or l1 the numbers.",
      "A file that cannot be read does not keep the others: it is named at the end, and the exit code is 1.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** The most images in a batch. */
const MAX_BATCH = 128;

/** Says which pictures look inverted to the net. */
function sayInverted(inverted: readonly string[]): void {
  const [first] = inverted;
  if (first === undefined) return;
  const more = inverted.length > 1 ? ` and ${inverted.length - 1} more` : "";
  console.error(
    `predict: ${first}${more}: black on white, it seems, but the net was trained on white on black; try --invert`,
  );
}

/** The pictures that a net was trained on, and the limit of pixels that the command line gives. */
const picturesOf = ({ pictures }: OpenModel, values: Values<typeof TABLE>): PictureSettings =>
  withMaxPixels(pictures, values["max-pixels"]);

/** Prints the predictions of all images. */
async function printPredictions(
  trained: OpenModel,
  images: readonly NamedImage[],
  values: Values<typeof TABLE>,
): Promise<void> {
  const { net, params } = trained,
    source = { ...values, own: trained.data, pictures: picturesOf(trained, values) };
  const model = await withMean(trained.model, source), kind = targetKind(LOSSES[model.loss]);
  const { dataset = model.dataset, top, threshold } = values;
  const saved = dataset === model.dataset ? model.classNames : undefined;
  const shown = { names: classNames(dataset, model.classes, saved), top, threshold };
  await using run = await openDevice({ device: values.device, threads: values.threads });
  const prepared = await prepareInputs(run, model, trained.path, toDataset(images, model));
  const predictor = { net, params, loss: model.loss };
  const batch = Math.min(images.length, MAX_BATCH), { classes } = model;
  let next = 0;
  for await (const { logits } of predictLogits(run, predictor, prepared, batch)) {
    for (let at = 0; at < logits.length; at += classes, next++) {
      const gap = next > 0 ? "\n" : "", own = logits.subarray(at, at + classes);
      console.log(gap + formatPrediction(images[next]!, own, kind, shown));
    }
  }
}

async function work(
  values: Values<typeof TABLE>,
  [path, ...files]: readonly [string, ...string[]],
) {
  const trained = await openFiniteModel(path, givenFields(values));
  const source = { ...values, own: trained.data, pictures: picturesOf(trained, values) };
  const { images, faults, inverted } = await imagesNamed(files, trained.model, source);
  if (images.length > 0) await printPredictions(trained, images, values);
  sayInverted(inverted);
  const last = faults.at(-1);
  if (last === undefined) return;
  for (const fault of faults.slice(0, -1)) console.error(`predict: ${fault}`);
  throw new TaskError(last);
}

/** Runs the task; returns the exit code. */
export const predict = (args: readonly string[]): Promise<number> =>
  command(PREDICT, args, ({ values, operands }) => work(values, operands as [string, ...string[]]));
