/**
 * The images of a run: whitened by a transform that is fitted when the run starts and read from its folder
 * when it resumes, and shifted as far as the run's settings say.
 *
 * @module
 */
import { type PreparedSplits, whiten, type Whitening, zcaWhitening } from "../../src/data/mod.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import {
  encodeWhitening,
  openWhitening,
  readWhitening,
  type WhiteningFile,
} from "../datasets/whitening_file.ts";
import { RUN_FILES } from "../run/files.ts";
import type { Settings } from "../run/settings.ts";
import type { Earlier } from "../run/resume.ts";
import { leadBytes } from "./processes/lead.ts";
import type { TrainingSpec } from "./session.ts";

/** A run's images, and the file of their transform; absent where they are not whitened. */
export interface RunImages {
  readonly splits: PreparedSplits;
  readonly whitening?: WhiteningFile | undefined;
}

/** Whitened images, and the file of their transform. */
type Whitened = Required<RunImages>;

/** Both splits whitened. */
async function whitenSplits(
  run: Runtime,
  { train, test }: PreparedSplits,
  by: Whitening,
): Promise<PreparedSplits> {
  return { train: await whiten(run, train, by), test: await whiten(run, test, by) };
}

/** Fits a transform to the training images, and applies it. */
async function fitAndWhiten(run: Runtime, splits: PreparedSplits): Promise<Whitened> {
  const by = await zcaWhitening(run, splits.train);
  const whitening = await encodeWhitening(by, splits.train.dataset);
  return { splits: await whitenSplits(run, splits, by), whitening };
}

/** What new runs share: the whitened images of data sets that are in use, by the device's name. */
const shared = new WeakMap<PreparedSplits, Map<string, Promise<Whitened>>>();

/** As {@linkcode fitAndWhiten}, once for all runs on the same images and device. */
function whitenOnce(run: Runtime, splits: PreparedSplits): Promise<Whitened> {
  const found = shared.get(splits) ?? new Map<string, Promise<Whitened>>();
  shared.set(splits, found);
  const whitened = found.get(run.device) ?? fitAndWhiten(run, splits);
  found.set(run.device, whitened);
  return whitened;
}

/** The transform of an earlier run; undefined where it ended before it was stored. */
const storedIn = ({ path, manifest }: Earlier): Promise<WhiteningFile | undefined> =>
  readWhitening(`${path}/${RUN_FILES.whitening}`, manifest.model.whitening);

/** Training images that are shifted as far as the settings say. */
function shiftedSplits({ train, test }: PreparedSplits, { shift }: Settings): PreparedSplits {
  const { augmentation } = train;
  if (shift === undefined || !augmentation) return { train, test };
  return { train: { ...train, augmentation: { ...augmentation, padding: shift } }, test };
}

/** The images of a run, whitened and shifted as its settings say. */
export async function runImages(run: Runtime, spec: TrainingSpec): Promise<RunImages> {
  const images = await whitenedImages(run, spec);
  return { ...images, splits: shiftedSplits(images.splits, spec.settings) };
}

/** Fits a transform, or reads an earlier run's, in process 0 of several; the same file in all. */
async function whiteningOfAll(
  run: Runtime,
  { data: { splits: { train } }, earlier, group }: TrainingSpec,
): Promise<WhiteningFile> {
  const bytes = await leadBytes(group, async () => {
    const stored = earlier && await storedIn(earlier);
    return (stored ?? await encodeWhitening(await zcaWhitening(run, train), train.dataset)).bytes;
  });
  return await openWhitening(bytes);
}

/** The images of a run, whitened where its settings say so. */
async function whitenedImages(run: Runtime, spec: TrainingSpec): Promise<RunImages> {
  const { settings, data: { splits }, earlier, group } = spec;
  if (!settings.whiten) return { splits };
  const whitening = group ? await whiteningOfAll(run, spec) : earlier && await storedIn(earlier);
  if (!whitening) return await whitenOnce(run, splits);
  return { splits: await whitenSplits(run, splits, whitening.by), whitening };
}
