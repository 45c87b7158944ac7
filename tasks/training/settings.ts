/**
 * Resolving the options of a training task to the settings of a run: fills in defaults that depend on other
 * options, and rejects combinations that mean nothing.
 *
 * @module
 */
import { PICTURES } from "../../src/data/catalogue/pictures.ts";
import { PROCEDURAL } from "../../src/data/catalogue/procedural.ts";
import { defaultActivation } from "../../src/models/registry.ts";
import type { PictureSettings } from "../datasets/pictures/settings.ts";
import type { ImageSettings } from "../datasets/preparations.ts";
import { type DatasetName, namesTrainedBy } from "../datasets/registry.ts";
import { ownValues } from "../models/net_options.ts";
import type { PresetName, Settings, TaskName } from "../run/settings.ts";
import type { ResolvedValues, TrainOptions, TrainValues } from "./options/mod.ts";
import { checkPairs, preInitializer, takesStd } from "./requirements.ts";
import { fillDefaults, solverDefaults } from "./defaults.ts";
import { PICTURE_CROPS } from "./presets.ts";
import { optimizerSettings } from "./optimizer_settings.ts";
import { pretrainSettings } from "./pretrain/settings.ts";
import { OptionError } from "../cli/option_table.ts";

function chooseDataset(task: TaskName, { dataset, procedural }: TrainValues): DatasetName {
  if (!procedural) return dataset ?? namesTrainedBy(task)[0]!;
  if (dataset === undefined || dataset === PROCEDURAL.name) return PROCEDURAL.name;
  throw new OptionError(
    `--procedural: expected no other --dataset beside it, found ${dataset}`,
  );
}

function initSettings(values: ResolvedValues) {
  const { init, gain, "layer-stds": layerStds } = values, lsuv = init === "lsuv";
  return {
    init,
    preInit: preInitializer(values),
    std: takesStd(values) && !layerStds ? values.std ?? (lsuv ? 1 : 0.01) : undefined,
    layerStds,
    gain,
    lsuv: lsuv ? values.lsuv : undefined,
    lsuvTolerance: values["lsuv-tolerance"],
    lsuvTrials: values["lsuv-trials"],
    lsuvDropout: lsuv && values["lsuv-dropout"],
    lsuvBatch: lsuv ? values["lsuv-batch"] ?? values.batch : undefined,
    lsuvMode: lsuv ? values["lsuv-mode"] : undefined,
    normalize: lsuv ? values.normalize ?? "output" : undefined,
    lsuvTarget: values["lsuv-target"],
    lsuvCenter: lsuv && values["lsuv-center"] ? true : undefined,
  };
}

/** What pictures of 256 × 256 are to windows of 224 × 224. */
const SIZE_BY_CROP = 256 / 224;

/** The window that a net sees: as asked for, else in a task for pictures that of the preset, or 7/8 of the size. */
function windowOf(
  task: TaskName,
  preset: PresetName,
  dataset: DatasetName,
  values: ResolvedValues,
) {
  const { size, crop } = values;
  if (task !== "pictures" || dataset !== PICTURES.name || crop !== undefined) return crop;
  return size === undefined ? PICTURE_CROPS[preset] : Math.round(size / SIZE_BY_CROP);
}

/** The settings of images. */
function imageSettings(
  task: TaskName,
  preset: PresetName,
  dataset: DatasetName,
  values: ResolvedValues,
): ImageSettings {
  const { preprocessing, "pixel-scale": pixelScale } = values;
  const crop = windowOf(task, preset, dataset, values);
  const size = values.size ??
    (task === "pictures" && crop !== undefined ? Math.round(crop * SIZE_BY_CROP) : undefined);
  return { size, crop, preprocessing, pixelScale };
}

/** The settings of pictures; none on other data. */
function pictureSettings(dataset: DatasetName, values: ResolvedValues): PictureSettings {
  if (dataset !== PICTURES.name) return {};
  const { images, channels } = values, resizedCrop = values["resized-crop"] || undefined;
  if (resizedCrop && images === "memory") {
    throw new OptionError("--images: expected stream beside --resized-crop, found memory");
  }
  return {
    channels: channels === "1" ? 1 : undefined,
    resizedCrop,
    images: images === "stream" || resizedCrop ? "stream" : undefined,
    testShare: values["test-share"],
    splitSeed: values["split-seed"],
    maxPixels: values["max-pixels"],
    pathColumn: values["path-column"],
    labelColumn: values["label-column"],
    targetColumns: values["target-columns"]?.split(",").map((name) => name.trim()),
    splitColumn: values["split-column"],
  };
}

/** The settings of regularization, averages and the kept epoch; nothing where none are asked for. */
const regularizeSettings = (values: ResolvedValues) => ({
  labelSmoothing: values["label-smoothing"] || undefined,
  mixup: values.mixup,
  cutmix: values.cutmix,
  accumulate: values.accumulate === 1 ? undefined : values.accumulate,
  averaging: values.averaging,
  keepBest: values["keep-best"] ?? (values.patience === undefined ? undefined : "accuracy"),
  patience: values.patience,
} as const);

/**
 * Resolves options to settings.
 *
 * @param preset The preset that fills in options that were not given.
 * @param on The data set, if not the one that the options ask for.
 */
export function resolveSettings(
  task: TaskName,
  parsed: TrainOptions,
  preset: PresetName,
  on?: DatasetName,
): Settings {
  const dataset = on ?? chooseDataset(task, parsed.values);
  const values = fillDefaults(task, parsed, preset, dataset);
  checkPairs(task, parsed.given, values);
  const {
    net,
    activation = defaultActivation(net),
    dropout,
    loss,
    batch,
    epochs,
    subset,
    augment,
    seed,
  } = values;
  const { device, threads, winograd, resident, wide, "test-subset": testSubset, whiten } = values;
  return {
    preset,
    dataset,
    net,
    ...ownValues(net, values),
    activation,
    dropout,
    loss,
    ...initSettings(values),
    ...pretrainSettings(values),
    ...optimizerSettings(solverDefaults(task, values, dataset), values),
    batch,
    epochs,
    subset,
    testSubset,
    augment,
    shift: augment ? values.shift : undefined,
    ...imageSettings(task, preset, dataset, values),
    ...pictureSettings(dataset, values),
    whiten: whiten || undefined,
    ...regularizeSettings(values),
    onNonfinite: values["on-nonfinite"] === "stop" ? undefined : values["on-nonfinite"],
    lossEvery: values["loss-every"],
    seed,
    device,
    threads,
    winograd,
    resident: resident === "auto" ? undefined : resident,
    wide,
  };
}
