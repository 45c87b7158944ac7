/**
 * What was scaled down in runs, compared with the paper's.
 *
 * @module
 */
import type { ModelName } from "../../src/models/mod.ts";
import { counted, grouped } from "../cli/format.ts";
import { type DatasetFacts, findDataset, isDrawn } from "../datasets/registry.ts";
import type { FoundManifest } from "../run/manifest.ts";
import type { Run } from "../run/read_run.ts";
import { presetValues } from "../training/presets.ts";
import { netRecipe } from "../training/recipes/mod.ts";

/** The published epochs of a net on a data set of the paper, and whose they are; undefined on others. */
function publishedEpochs(net: unknown, { name, recipes: [task], inPaper }: DatasetFacts) {
  if (!inPaper || !task) return undefined;
  const recipe = netRecipe(net as ModelName, task, name);
  if (recipe) return { epochs: recipe.epochs, whose: `${net}'s own recipe has` };
  return { epochs: presetValues(task, "paper", name).epochs, whose: "the paper's solver took" };
}

/** The data of a run, where it is not the paper's. */
function describeOtherData(named: unknown, { data }: FoundManifest): string[] {
  const dataset = String(named), known = findDataset(dataset);
  if (named === undefined || known?.inPaper) return [];
  return known && isDrawn(known.name)
    ? ["Trained on images that a program draws; the paper has no such data."]
    : [`Trained on ${data?.train?.name ?? dataset}, which the paper does not have.`];
}

/** What was scaled down, or is different, in one run. */
function describeRun({ manifest }: Run): string[] {
  const { settings = {}, data } = manifest, known = findDataset(String(settings.dataset));
  const epochs = Number(settings.epochs), full = known && publishedEpochs(settings.net, known);
  const count = data?.train?.count, all = known?.counts?.train;
  return [
    ...describeOtherData(settings.dataset, manifest),
    ...(full !== undefined && epochs < full.epochs
      ? [`${counted(epochs, "epoch")}; ${full.whose} ${full.epochs}.`]
      : []),
    ...(count !== undefined && all !== undefined && count < all
      ? [`${grouped(count)} of the ${grouped(all)} training images.`]
      : []),
    ...(settings.net === "fitnet1"
      ? ["FitNet-1; the paper's tables on CIFAR are of FitNet-4, its deep sister."]
      : []),
  ];
}

/** What was scaled down, a sentence each; undefined if no settings are known. */
export function describeScaledDown(runs: readonly Run[]): readonly string[] | undefined {
  const known = runs.filter(({ manifest }) => manifest.settings);
  if (known.length === 0) return undefined;
  const sentences = known.flatMap((run) => [...new Set(describeRun(run))]);
  return [...Map.groupBy(sentences, (sentence) => sentence)].map(([sentence, { length }]) =>
    length === known.length
      ? sentence
      : `${sentence.replace(/\.$/, "")} (${length} of ${counted(known.length, "run")}).`
  );
}
