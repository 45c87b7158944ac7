/**
 * The worker thread that makes batches in advance.
 *
 * @module
 */
import { serveOnce } from "../../platform/threads.ts";
import { RingBuffer, type RingSizes } from "./ring_buffer.ts";
import { type LoaderOptions, remainingBatches, trainingBatchMaker } from "./training_sampler.ts";

/** The message that starts the worker. */
export interface PrefetchRequest {
  /** Which batches to make, of data in shared memory. */
  readonly options: LoaderOptions;
  /** The ring's memory. */
  readonly memory: SharedArrayBuffer;
  /** The ring's sizes. */
  readonly sizes: RingSizes;
  /** Milliseconds without a free slot after which the worker exits. */
  readonly idle: number;
}

function prefetch({ options, memory, sizes, idle }: PrefetchRequest): void {
  const ring = new RingBuffer(memory, sizes);
  try {
    const makeBatch = trainingBatchMaker(options), length = remainingBatches(options);
    const claimNext = () => ring.claimNext(length, idle);
    for (let n = claimNext(); n !== undefined; n = claimNext()) {
      ring.publish(n, makeBatch(n, ring.buffers(n)));
    }
  } catch {
    // The consumer then makes this batch itself, and gets the error there.
    ring.fail();
  }
}

serveOnce(prefetch);
