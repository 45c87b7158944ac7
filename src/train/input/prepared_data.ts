/**
 * Training on images in memory.
 *
 * @module
 */
import { checkAlike } from "../../data/check_dataset.ts";
import type { Dataset } from "../../data/dataset.ts";
import { fingerprint, sha256 } from "../../data/fingerprint.ts";
import type { BatchHeader } from "../../data/loader/sampler.ts";
import { countBatches, type LoaderOptions } from "../../data/loader/training_sampler.ts";
import { checkPrepared, inputSize, type Prepared } from "../../data/prepared.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { examplesOf } from "./example_specs.ts";
import { fitsOnDevice, inputOutline, openInputPipeline } from "./input_pipeline.ts";
import type { TrainingData, TrainingInput } from "./training_data.ts";

/** A data set with the size of the images that a net sees. */
const asSeen = (source: Prepared): Dataset => ({ ...source.dataset, ...inputSize(source) });

/** Throws on inconsistent data, and on two sets that do not match. */
function checkData({ train, test }: Pick<LoaderOptions, "train" | "test">): void {
  checkPrepared("fit", train);
  if (!test) return;
  checkPrepared("fit", test);
  checkAlike("fit", asSeen(train), asSeen(test));
}

/** A text that identifies prepared data. Checkpoints store it, so it must not change. */
async function describeData(
  { dataset, scale, offset, mean, augmentation, window, whitened }: Prepared,
): Promise<string> {
  const parts = [
    await fingerprint(dataset),
    scale,
    offset,
    mean,
    JSON.stringify(augmentation ?? null),
    ...window ? [JSON.stringify(window)] : [],
    // The transform stands for the whitened images, whose last digits depend on the device.
    ...whitened ? [whitened.by.matrix] : [],
  ];
  const sum = await sha256(new Uint8Array(await new Blob(parts).arrayBuffer()));
  return `${dataset.name}, ${dataset.count} images, ${sum.slice(0, 16)}`;
}

/** Where batches are made. */
export interface Placement {
  /** On the device; where there is room for the data if left out. */
  readonly resident?: boolean | undefined;
  /** By a worker thread; where that pays if left out. */
  readonly prefetch?: boolean | undefined;
}

/** The remaining `steps` of a run on images in memory, and its tests. */
function openPrepared(
  run: Runtime,
  options: LoaderOptions,
  steps: number,
  placement: { readonly resident: boolean; readonly prefetch?: boolean | undefined },
): TrainingInput<BatchHeader> {
  const { train: stepsPerEpoch, test: testBatches } = countBatches(options);
  const pipeline = openInputPipeline(run, options, placement);
  return {
    *train() {
      for (const batch of pipeline.take(steps)) {
        const { index } = batch;
        yield { batch, first: index === 0, last: index === stepsPerEpoch - 1 };
      }
    },
    test: () => pipeline.take(testBatches),
    inputs: pipeline.inputs,
    materialize: pipeline.materialize,
    [Symbol.asyncDispose]: () => Promise.resolve(pipeline[Symbol.dispose]()),
  };
}

/**
 * The data of a training run on images in memory. Throws a RangeError on inconsistent data, and on a batch
 * larger than the data.
 */
export function preparedData(
  run: Runtime,
  loader: Omit<LoaderOptions, "from">,
  placement: Placement,
): TrainingData {
  const { train, test, batch } = loader, { classes, classNames } = train.dataset;
  checkData(loader);
  const counts = countBatches(loader), { prefetch } = placement;
  const { resident = fitsOnDevice(run, loader) } = placement;
  return {
    examples: examplesOf(train, batch),
    classes,
    classNames,
    stepsPerEpoch: counts.train,
    tested: test !== undefined,
    resident,
    outline: inputOutline(loader, resident, prefetch),
    describe: async () => ({
      train: await describeData(train),
      test: test ? await describeData(test) : "none",
    }),
    open: ({ step, epochs }) => {
      const from = step + epochs.length * counts.test, left = loader.epochs * counts.train - step;
      return openPrepared(run, { ...loader, from }, left, { resident, prefetch });
    },
  };
}
