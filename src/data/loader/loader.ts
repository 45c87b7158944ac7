/**
 * Loads the batches of a training, one after another: prefetched by another thread where that pays, and
 * collated here whenever that thread has not begun the one that is wanted.
 *
 * @module
 */
import type { Batch } from "./collate.ts";
import { startPrefetching } from "./prefetch.ts";
import {
  largestBatch,
  type LoaderOptions,
  remainingBatches,
  trainingBatchMaker,
} from "./training_sampler.ts";

/** Elements of all batches together below which no thread is started for them. */
const WORTH_A_THREAD = 2 ** 27;

/** The batches of a training. */
export interface Loader extends Disposable {
  /** The next `count` batches. Each is good until the one after it is asked for. */
  take(count: number): Generator<Batch, void>;
}

/**
 * Opens a loader.
 *
 * @param prefetch Whether another thread makes batches ahead of their use; if left out, where there is
 * enough to do.
 */
export function openLoader(options: LoaderOptions, prefetch?: boolean): Loader {
  const makeBatch = trainingBatchMaker(options), elements = largestBatch(options);
  const buffers = { images: new Float32Array(elements), labels: new Int32Array(options.batch) };
  const wanted = prefetch ?? remainingBatches(options) * elements >= WORTH_A_THREAD;
  const prefetcher = wanted ? startPrefetching(options) : undefined;
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
