/**
 * Images for a trained net: of its input size, preprocessed as in its training.
 *
 * @module
 */
import { counted } from "../../src/counted.ts";
import {
  type Dataset,
  type Prepared,
  prepareMnist,
  type Split,
  whiten,
} from "../../src/data/mod.ts";
import { contrastTables } from "../../src/data/preprocess.ts";
import { TaskError } from "../cli/command.ts";
import { reportDownloads } from "../datasets/download_progress.ts";
import { loadData } from "../datasets/load_data.ts";
import type { PictureSettings } from "../datasets/pictures/settings.ts";
import type { DatasetName } from "../datasets/registry.ts";
import { readWhitening, type WhiteningFile } from "../datasets/whitening_file.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import { whiteningBeside } from "./open.ts";
import type { ImageSize } from "../../src/train/mod.ts";
import { frameSize, type ModelSpec, preparingTask, showSize } from "./model.ts";

/** Where images come from. */
export interface Source {
  /** The data set; the one that the net was trained on if left out. */
  readonly dataset?: DatasetName | undefined;
  /** Its folder. */
  readonly data?: string | undefined;
  /** The folder of the data that the net was trained on; used for that data set unless `data` is given. */
  readonly own?: string | undefined;
  /** Which of a user's pictures the net was trained on. */
  readonly pictures?: PictureSettings | undefined;
}

/** How many images of each split are loaded; all if left out. */
type Counts = { readonly subset?: number | undefined; readonly testSubset?: number };

const load = (
  model: ModelSpec,
  { dataset = model.dataset, data, own, pictures }: Source,
  counts: Counts,
) =>
  loadData(
    {
      ...pictures,
      channels: model.channels === 1 ? 1 : undefined,
      purpose: "evaluation",
      task: preparingTask(model),
      dataset,
      net: model.net,
      size: model.frame?.height,
      preprocessing: model.preprocessing,
      orProcedural: false,
      data: data ?? (dataset === model.dataset ? own : undefined),
      ...counts,
    },
    {
      reporter: reportDownloads({
        quiet: false,
        terminal: Deno.stderr.isTerminal(),
        print: console.error,
      }),
    },
  );

/** One image of the split that is not asked for, so that preparing it costs nothing. */
const ONLY = { test: { subset: 1 }, train: { testSubset: 1 } } as const satisfies Record<
  Split,
  Counts
>;

/** Images of a data set. Throws a {@linkcode TaskError} where their size or classes are not the net's. */
export async function imagesFrom(model: ModelSpec, source: Source, split: Split): Promise<Dataset> {
  const { dataset } = (await load(model, source, ONLY[split])).splits[split];
  const show = (size: ImageSize, { classes }: { readonly classes: number }) =>
    `images of ${showSize(size)} in ${counted(classes, "class", "classes")}`;
  const expected = show(frameSize(model), model), found = show(dataset, dataset);
  if (expected === found) return dataset;
  throw new TaskError(
    `${dataset.name}: expected ${expected}, as the net takes them, found ${found}`,
  );
}

/** The model with its mean image, computed from its training images where it is not saved. */
export async function withMean(
  model: ModelSpec,
  { data, own, pictures }: Source,
): Promise<ModelSpec> {
  if (model.preprocessing === "scale" || model.mean) return model;
  const { splits } = await load(model, { data, own, pictures }, {
    subset: model.subset,
    testSubset: 1,
  });
  return { ...model, mean: splits.train.mean };
}

/** Images preprocessed as a net's training images were, before whitening. */
function preprocess(
  { preprocessing, pixelScale = 1, mean }: ModelSpec,
  dataset: Dataset,
): Prepared {
  if (preprocessing === "scale") return prepareMnist(dataset, dataset).test;
  if (preprocessing === "contrast") return { dataset, ...contrastTables(dataset), mean: mean! };
  const { count } = dataset;
  const [scale, offset] = [new Float64Array(count).fill(pixelScale), new Float64Array(count)];
  return { dataset, scale, offset, mean: mean! };
}

/** Images prepared for a net: the windows that it sees, before whitening. */
export function prepareFor(model: ModelSpec, dataset: Dataset): Prepared {
  const { frame, height, width } = model, prepared = preprocess(model, dataset);
  return frame ? { ...prepared, window: { height, width } } : prepared;
}

/**
 * The whitening that belongs to a weights file. Rejects with a {@linkcode TaskError} where it is missing or
 * another one.
 *
 * @param sha256 The SHA-256 that the weights name.
 */
export async function whiteningOf(weights: string, sha256: string): Promise<WhiteningFile> {
  const path = whiteningBeside(weights), found = await readWhitening(path, sha256);
  if (found) return found;
  throw new TaskError(
    `${path}: expected the whitening of the images that the net was trained on, found no such file`,
  );
}

/**
 * Images prepared for a net, whitened by the transform beside its weights if it was trained with one.
 *
 * @param weights The path of the weights file.
 */
export async function prepareInputs(
  run: Runtime,
  model: ModelSpec,
  weights: string,
  dataset: Dataset,
): Promise<Prepared> {
  const prepared = prepareFor(model, dataset);
  if (model.whitening === undefined) return prepared;
  const { by } = await whiteningOf(weights, model.whitening), { height, width, channels } = model;
  if (by.mean.length !== height * width * channels) {
    throw new TaskError(
      `${whiteningBeside(weights)}: expected the whitening of ${
        showSize(model)
      } images, as the net takes them, found one of ${by.mean.length} numbers`,
    );
  }
  return await whiten(run, prepared, by);
}
