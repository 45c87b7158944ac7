/**
 * The input pipeline of a compiled step: batches collated on the host, or gathered on the device from a
 * resident data set.
 *
 *     sampler → plan → collate, prefetched → Batch → tensors ┐
 *     sampler → plan → tensor ──────── gather, in the step ──┴→ images and labels
 *
 * @module
 */
import { checkInMemory } from "../../data/check_dataset.ts";
import { loaderBytes, openLoader } from "../../data/loader/loader.ts";
import type { BatchHeader, BatchPlan } from "../../data/loader/sampler.ts";
import {
  type LoaderOptions,
  ownBatch,
  trainingSampler,
} from "../../data/loader/training_sampler.ts";
import { type Batch, inputSize, type Prepared, type Split } from "../../data/mod.ts";
import type { Runtime } from "../../runtime/mod.ts";
import { type Params, placeholder, type Tensor } from "../../tensor.ts";
import { type Examples, exampleTensors } from "./batch_tensors.ts";
import {
  allocatePlan,
  type DeviceDataset,
  deviceDataset,
  deviceDatasetBytes,
  encodePlan,
  gatherBatch,
  outlineDataset,
  outlinePlan,
  planTensor,
} from "./device_dataset.ts";
import { examplesOf } from "./example_specs.ts";
import type { InputOutline } from "./training_data.ts";

/**
 * The batches of a training run.
 *
 * @typeParam B A batch: collated on the host, or a plan for the device.
 */
export interface InputPipeline<B extends BatchHeader = BatchHeader> extends Disposable {
  /** The next `count` batches. Each is valid until the next one is requested. */
  take(count: number): Generator<B, void>;
  /** The inputs of a compiled function for a batch. */
  inputs(batch: B): Params;
  /** Computes images and labels from those inputs, inside the compiled function. */
  materialize(inputs: Params, split: Split): Examples;
}

/** Batches collated on the host, prefetched where that pays, or as `prefetch` says. */
function hostPipeline(options: LoaderOptions, prefetch?: boolean): InputPipeline<Batch> {
  const loader = openLoader(options, prefetch);
  return {
    take: loader.take,
    inputs: (batch) => exampleTensors(batch, inputSize(options.train)),
    materialize: (inputs) => inputs as Examples,
    [Symbol.dispose]: () => loader[Symbol.dispose](),
  };
}

/** Batches gathered on the device, to which the data is uploaded once. */
function devicePipeline(run: Runtime, options: LoaderOptions): InputPipeline<BatchPlan> {
  const { train, test } = options, sample = trainingSampler(options);
  for (const source of [train, ...test ? [test] : []]) checkInMemory("resident", source.dataset);
  const upload = run.jit((data: Params) => data);
  const onDevice = (source: Prepared) => upload(deviceDataset(source)) as DeviceDataset;
  const data = { train: onDevice(train), ...(test && { test: onDevice(test) }) };
  const drop = run.jit((_: Params): readonly Tensor[] => [], { donate: [0] });
  const encoded = allocatePlan(ownBatch(options));
  let next = 0;
  return {
    *take(count) {
      for (let i = 0; i < count; i++) yield sample(next++).plan;
    },
    inputs: (plan) => planTensor(encodePlan(plan, encoded)),
    materialize: (inputs, split) => gatherBatch(data[split]!, options[split]!, inputs as Tensor),
    [Symbol.dispose]: () => {
      try {
        drop(data);
      } catch {
        // A failed device holds nothing any more, and has already reported its error.
      }
    },
  };
}

/** The inputs of steps without elements. */
export function inputOutline(
  options: LoaderOptions,
  resident: boolean,
  prefetch?: boolean,
): InputOutline {
  const { train, test } = options,
    batch = ownBatch(options),
    sources = [train, ...test ? [test] : []];
  const dataset = sources.reduce(
    (sum, { dataset: { images }, whitened }) =>
      sum + images.byteLength + (whitened?.images.byteLength ?? 0),
    0,
  );
  if (!resident) {
    const { images, labels } = examplesOf(train, batch);
    return {
      inputs: { images: placeholder(images), labels: placeholder(labels) },
      materialize: (inputs) => inputs as Examples,
      dataset,
      batches: loaderBytes(options, prefetch),
    };
  }
  type Resident = { readonly plan: Tensor; readonly data: Readonly<Record<Split, DeviceDataset>> };
  const data = { train: outlineDataset(train), ...(test && { test: outlineDataset(test) }) };
  return {
    inputs: { plan: outlinePlan(batch), data },
    materialize: (inputs, split) => {
      const { plan, data } = inputs as Resident;
      return gatherBatch(data[split], options[split]!, plan);
    },
    dataset,
    batches: 0,
  };
}

/** Whether a training run's data is in memory and fits into the device's own. */
export const fitsOnDevice = (
  run: Runtime,
  { train, test }: Pick<LoaderOptions, "train" | "test">,
): boolean =>
  !train.dataset.stream && !test?.dataset.stream &&
  deviceDatasetBytes(train) + (test ? deviceDatasetBytes(test) : 0) <= run.roomForData;

/** Opens the pipeline of a training run's batches. */
export const openInputPipeline = (
  run: Runtime,
  options: LoaderOptions,
  { resident, prefetch }: { readonly resident: boolean; readonly prefetch?: boolean | undefined },
): InputPipeline => resident ? devicePipeline(run, options) : hostPipeline(options, prefetch);
