/**
 * The data loader: batches prefetched by a worker thread where that pays, or collated here if the worker
 * has not started on the one needed.
 *
 * @module
 */
import { allocateBuffers, type Batch, type BatchBuffers, labelElements } from "./collate.ts";
import { prefetchBytes, startPrefetching } from "./prefetch.ts";
import { type PlannedRead, readAhead } from "./read_ahead.ts";
import {
  largestBatch,
  type LoaderOptions,
  ownBatch,
  remainingBatches,
  trainingBatchMaker,
  trainingSampler,
} from "./training_sampler.ts";

/** The fewest elements of all batches for which a worker thread is started. */
const WORTH_A_THREAD = 2 ** 27;

/** The batches of a training run. */
export interface Loader extends Disposable {
  /** The next `count` batches. Each is valid until the next one is requested. */
  take(count: number): Generator<Batch, void>;
}

/** The buffers of any batch. */
const largestBuffers = (options: LoaderOptions): BatchBuffers => ({
  ...allocateBuffers(options.train, ownBatch(options)),
  images: new Float32Array(largestBatch(options)),
});

/** A loader of images from streams, whose own threads make them in advance. */
function openStreamLoader(options: LoaderOptions): Loader {
  const sample = trainingSampler(options), buffers = largestBuffers(options);
  const read = (index: number): PlannedRead => {
    const { split, plan } = sample(index);
    return { source: options[split]!, plan };
  };
  const batches = readAhead(read, remainingBatches(options));
  return {
    *take(count) {
      for (let i = 0; i < count; i++) yield batches.next(buffers);
    },
    [Symbol.dispose]: () => batches[Symbol.dispose](),
  };
}

/** Whether a worker thread makes batches in advance. */
const prefetches = (options: LoaderOptions, prefetch: boolean | undefined): boolean =>
  prefetch ?? remainingBatches(options) * largestBatch(options) >= WORTH_A_THREAD;

/** The bytes that {@linkcode openLoader} allocates, at least. */
export function loaderBytes(options: LoaderOptions, prefetch?: boolean): number {
  const { train, test } = options, isStream = train.dataset.stream || test?.dataset.stream;
  const own = 4 * (largestBatch(options) + labelElements(train, ownBatch(options)));
  return own + (!isStream && prefetches(options, prefetch) ? prefetchBytes(options) : 0);
}

/**
 * Opens a loader.
 *
 * @param prefetch Whether a worker thread makes batches in advance; if left out, where there are enough
 * elements.
 */
export function openLoader(options: LoaderOptions, prefetch?: boolean): Loader {
  const { train, test } = options;
  if (train.dataset.stream || test?.dataset.stream) return openStreamLoader(options);
  const makeBatch = trainingBatchMaker(options), buffers = largestBuffers(options);
  const prefetcher = prefetches(options, prefetch) ? startPrefetching(options) : undefined;
  let next = 0;
  return {
    *take(count) {
      for (let i = 0; i < count; i++) {
        const n = next++;
        yield prefetcher?.take(n) ?? makeBatch(n, buffers);
      }
    },
    [Symbol.dispose]: () => prefetcher?.[Symbol.dispose](),
  };
}
