/**
 * The settings of a run as one line.
 *
 * @module
 */
import { counted, plural } from "../../src/counted.ts";
import { optimizerOptions } from "../../src/optim/optimizers.ts";
import { modelTitle } from "../models/model.ts";
import type { Settings } from "../run/settings.ts";

const epochText = (epoch: number | undefined): string => String(Number(epoch?.toFixed(2)));

function schedule(settings: Settings): string {
  const { schedule = "multistep", rate, dropAt, dropBy, rateEnd, power } = settings;
  const drops = dropAt.map(epochText).join(", "), every = epochText(settings.dropEvery);
  const until = `by epoch ${epochText(settings.rateUntil)}`;
  switch (schedule) {
    case "multistep":
      return drops
        ? `rate ${rate} ×${dropBy} at ${plural(dropAt.length, "epoch")} ${drops}`
        : `rate ${rate}`;
    case "step":
      return `rate ${rate} ×${dropBy} every ${every} ${plural(Number(every), "epoch")}`;
    case "exponential":
      return `rate ${rate} ×${dropBy} in ${every} ${plural(Number(every), "epoch")}, gradually`;
    case "linear":
      return `rate ${rate} to ${rateEnd} linearly ${until}`;
    case "poly":
      return `rate ${rate} to 0 by the power ${power} ${until}`;
    case "cosine":
      return `rate ${rate} to ${rateEnd} along a cosine ${until}`;
    case "restarts":
      return `rate ${rate} to ${rateEnd} along a cosine every ${
        epochText(settings.restartEvery)
      } epochs`;
    case "onecycle":
      return `rate up to ${rate} and down in one cycle ${until}`;
  }
}

/** The optimizer's own options that are on or change, each in words. */
function ownOptions(settings: Settings): readonly string[] {
  const values = settings as unknown as Readonly<Record<string, number | undefined>>;
  return optimizerOptions(settings.optimizer).flatMap(([name, { kind }]) => {
    if (kind === "flag") return settings[name] ? [name] : [];
    const end = values[`${name}End`], until = epochText(values[`${name}Until`]);
    return end === undefined ? [] : [`${name} ${values[name]} to ${end} by epoch ${until}`];
  });
}

/** What differs by parameter, each in words. */
const byParameter = (
  { biasRate, layerRates, layerDecays, maxNorm }: Settings,
): readonly string[] => [
  ...(biasRate === undefined ? [] : [`bias rate ×${biasRate}`]),
  ...(layerRates?.length ? [`layer rates ×${layerRates.join(" ×")}`] : []),
  ...(layerDecays?.length ? [`layer decays ×${layerDecays.join(" ×")}`] : []),
  ...(maxNorm?.length ? [`norms up to ${maxNorm.join(", ")}`] : []),
];

/** Regularization, averages and the kept epoch, each in words. */
function regularization(settings: Settings): readonly string[] {
  const { labelSmoothing, mixup, cutmix, accumulate, averaging, keepBest, patience } = settings;
  return [
    ...(labelSmoothing === undefined ? [] : [`labels smoothed by ${labelSmoothing}`]),
    ...(mixup === undefined ? [] : [`mixup ${mixup}`]),
    ...(cutmix === undefined ? [] : [`CutMix ${cutmix}`]),
    ...(accumulate === undefined ? [] : [`batches in ${accumulate} parts`]),
    ...(averaging === undefined ? [] : [`weights averaged by ${averaging}`]),
    ...(keepBest === undefined ? [] : [`the best epoch by test ${keepBest}`]),
    ...(patience === undefined ? [] : [`patience ${counted(patience, "epoch")}`]),
  ];
}

function optimizer(settings: Settings): string {
  return [
    `${settings.optimizer} ${schedule(settings)}`,
    ...(settings.warmup === undefined ? [] : [`${epochText(settings.warmup)} epochs of warm-up`]),
    ...ownOptions(settings),
    ...byParameter(settings),
    `weight decay ${settings.weightDecay}`,
  ].join(", ");
}

function initializer({ init, preInit, std, layerStds, lsuv }: Settings): string {
  const spread = layerStds ? `stds ${layerStds.join(", ")}` : std !== undefined && `std ${std}`;
  const scheme = lsuv ? `${init} (${lsuv})` : init;
  const weights = preInit && `of ${preInit} weights`;
  return [[scheme, weights].filter(Boolean).join(" "), spread].filter(Boolean).join(", ");
}

/** What is trained before the epochs, and the teacher, each in words. */
function pretraining(
  { pretrain, pretrainEpochs, teacher, distill, distillEnd, temperature }: Settings,
): string[] {
  return [
    ...(pretrain ? [`${pretrain} pre-training, ${counted(pretrainEpochs!, "epoch")} each`] : []),
    ...(teacher === undefined
      ? []
      : [`teacher ${teacher}, weight ${distill} to ${distillEnd}, temperature ${temperature}`]),
  ];
}

/** The settings in one line, for the start of a run. */
export function describeSettings(settings: Settings): string {
  const { batch, epochs, loss, seed, dataset, augment } = settings;
  return [
    dataset + (settings.whiten ? " whitened" : "") + (augment ? " augmented" : "") +
    (settings.shift === undefined ? "" : ` by ${settings.shift}`),
    modelTitle(settings),
    initializer(settings),
    ...pretraining(settings),
    optimizer(settings),
    ...regularization(settings),
    `${loss} loss`,
    `${counted(epochs, "epoch")} of batch ${batch}`,
    `seed ${seed}`,
  ].join(" | ");
}
