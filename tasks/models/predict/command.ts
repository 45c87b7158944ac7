/**
 * `deno task predict`: classifies images with a trained net.
 *
 * @module
 */
import { aligned } from "../../cli/align.ts";
import { classNames } from "../../datasets/class_names.ts";
import { type Command, command, openDevice } from "../../cli/command.ts";
import { prepareInputs, withMean } from "../inputs.ts";
import { openModel } from "../open.ts";
import { DATA_OPTIONS, givenFields, NET_OPTIONS, NET_SECTION } from "../options.ts";
import { predictLogits, probabilities } from "../logits.ts";
import { imagesNamed, type NamedImage, toDataset } from "./images.ts";
import { percent } from "../../cli/progress.ts";
import { DEVICE_OPTIONS } from "../../cli/device_options.ts";
import type { Values } from "../../cli/option_table.ts";

const TABLE = {
  top: { kind: "integer", from: 1, default: 5, help: "How many classes to show." },
  invert: {
    kind: "flag",
    default: false,
    help: "Invert the images of files: MNIST's digits are white on black.",
  },
  ...DATA_OPTIONS,
  ...NET_OPTIONS,
  ...DEVICE_OPTIONS,
} as const;

const PREDICT: Command<typeof TABLE> = {
  name: "predict",
  table: TABLE,
  page: {
    command: "deno task predict",
    about: "classify images with a trained net: the most likely classes and their probabilities.",
    operands: {
      names: [
        ["RUN_OR_WEIGHTS", "The folder of a run, or a weights file.", "path"],
        [
          "IMAGE",
          "A PNG or JPEG file; or test:N or train:N for image N, from 0, of the data set. For a file of " +
          "such a name write ./test:N.",
        ],
      ],
      least: 2,
      repeats: true,
    },
    sections: [NET_SECTION],
    examples: [
      ["deno task predict runs/MY-RUN cat.png dog.jpg", "Two files:"],
      ["deno task predict runs/MY-RUN test:7", "An image of the data set, whose class is known:"],
      ["deno task predict runs/MY-DIGITS scan.png --invert", "A digit in black on white:"],
    ],
    notes: [
      "An image is rotated upright by its EXIF orientation, converted to the net's gray or color channels, " +
      "scaled to its input size (bilinear; stretched if the aspect ratio differs), and preprocessed as in " +
      "training. Transparent pixels become white.",
      "Probabilities are the softmax of the logits. A net trained with the hinge loss has not learned " +
      "probabilities: only their order is meaningful.",
      "Exit codes: 0 done, 1 something failed, 2 a wrong command line.",
    ],
  },
};

/** The most images in a batch. */
const MAX_BATCH = 128;

function formatPrediction(
  { name, label }: NamedImage,
  logits: Float32Array,
  names: readonly string[],
  top: number,
) {
  const likely = probabilities(logits).map((share, at) => [share, at] as const)
    .sort(([a], [b]) => b - a).slice(0, top);
  const known = label === undefined ? "" : ` (${names[label]})`;
  const rows = aligned(likely.map(([share, at]) => [names[at]!, percent(share)]));
  return [`${name}${known}`, ...rows.map((row) => `  ${row}`)].join("\n");
}

async function work(
  values: Values<typeof TABLE>,
  [path, ...files]: readonly [string, ...string[]],
) {
  const trained = await openModel(path, givenFields(values)), { net, params } = trained;
  const source = { ...values, own: trained.data, pictures: trained.pictures };
  const images = await imagesNamed(files, trained.model, source);
  const model = await withMean(trained.model, source);
  const { dataset = model.dataset } = values;
  const saved = dataset === model.dataset ? model.classNames : undefined;
  const names = classNames(dataset, model.classes, saved);
  await using run = await openDevice({ device: values.device, threads: values.threads });
  const prepared = await prepareInputs(run, model, trained.path, toDataset(images, model));
  const predictor = { net, params, loss: model.loss };
  const batch = Math.min(images.length, MAX_BATCH), { classes } = model;
  let next = 0;
  for await (const { logits } of predictLogits(run, predictor, prepared, batch)) {
    for (let at = 0; at < logits.length; at += classes, next++) {
      const gap = next > 0 ? "\n" : "", own = logits.subarray(at, at + classes);
      console.log(gap + formatPrediction(images[next]!, own, names, values.top));
    }
  }
}

/** Runs the task; returns the exit code. */
export const predict = (args: readonly string[]): Promise<number> =>
  command(PREDICT, args, ({ values, operands }) => work(values, operands as [string, ...string[]]));
