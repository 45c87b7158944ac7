/**
 * What runs did less of than the paper's.
 *
 * @module
 */
import { counted, grouped } from "../cli/format.ts";
import type { Run } from "../run/read_run.ts";

/** The epochs of the authors' solvers. */
const PAPER_EPOCHS: Readonly<Record<string, number>> = { cifar10: 230, cifar100: 230, mnist: 53 };
/** The training images of the whole data sets. */
const IMAGES: Readonly<Record<string, number>> = {
  cifar10: 50_000,
  cifar100: 50_000,
  mnist: 60_000,
};

function ofRun({ manifest: { settings = {}, data } }: Run): string[] {
  const dataset = String(settings.dataset), epochs = Number(settings.epochs);
  const count = data?.train?.count, wholly = IMAGES[dataset]!, full = PAPER_EPOCHS[dataset]!;
  return [
    ...(dataset === "procedural"
      ? ["Trained on images that a program draws; the paper has no such data."]
      : []),
    ...(settings.dataset !== undefined && dataset !== "procedural" && full === undefined
      ? [`Trained on ${data?.train?.name ?? dataset}, which the paper does not have.`]
      : []),
    ...(epochs < full ? [`${counted(epochs, "epoch")}; the paper's solver took ${full}.`] : []),
    ...(count !== undefined && count < wholly
      ? [`${grouped(count)} of the ${grouped(wholly)} training images.`]
      : []),
    ...(settings.net === "fitnet1"
      ? ["FitNet-1; the paper's tables on CIFAR are of FitNet-4, its deep sister."]
      : []),
  ];
}

/** What was made smaller, a sentence each; undefined if no settings tell. */
export function describeScaledDown(runs: readonly Run[]): readonly string[] | undefined {
  const known = runs.filter(({ manifest }) => manifest.settings);
  return known.length > 0 ? [...new Set(known.flatMap(ofRun))] : undefined;
}
