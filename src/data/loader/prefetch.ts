/**
 * Prefetching, on the consumer's side: starts the worker thread that makes batches in advance, and takes
 * them.
 *
 * @module
 */
import { startThread, whyNoThreads } from "../../platform/threads.ts";
import type { Labels } from "../dataset.ts";
import type { Prepared } from "../prepared.ts";
import { type Batch, labelElements } from "./collate.ts";
import type { PrefetchRequest } from "./prefetch_worker.ts";
import { allocateRing, RingBuffer, ringBytes, type RingSizes } from "./ring_buffer.ts";
import { largestBatch, type LoaderOptions, ownBatch } from "./training_sampler.ts";

/** Milliseconds to wait for a batch that the worker has started; then it is made here instead. */
const WAIT_LIMIT = 2;
/** See {@linkcode startPrefetching}. */
const IDLE = 5000;

/** An array in shared memory: itself, or a copy. */
function shared<A extends Labels | Float32Array | Float64Array>(array: A): A {
  if ((array.buffer as ArrayBufferLike) instanceof SharedArrayBuffer) return array;
  const make = array.constructor as new (memory: SharedArrayBuffer) => A;
  const copy = new make(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

/** What batches are made from, in shared memory: the bytes and their tables, or the whitened images. */
function sharedSource(source: Prepared): Prepared {
  const { dataset, scale, offset, mean, whitened } = source, none = new Float32Array();
  const images = whitened ? new Uint8Array() : shared(dataset.images);
  return {
    ...source,
    dataset: { ...dataset, images, labels: shared(dataset.labels) },
    scale: shared(scale),
    offset: shared(offset),
    mean: shared(mean),
    whitened: whitened && { by: { mean: none, matrix: none }, images: shared(whitened.images) },
  };
}

/** Bytes of an array's copy in shared memory, if it needs one. */
const copied = ({ buffer, byteLength }: ArrayBufferView): number =>
  (buffer as ArrayBufferLike) instanceof SharedArrayBuffer ? 0 : byteLength;

/** The bytes that {@linkcode startPrefetching} allocates. */
export function prefetchBytes(options: LoaderOptions): number {
  const { train, test } = options, sources = [train, ...test ? [test] : []];
  return ringBytes(ringSizes(options)) +
    sources.reduce((sum, { dataset: { images, labels }, scale, offset, mean, whitened }) => {
      const arrays = [whitened?.images ?? images, labels, scale, offset, mean];
      return sum + arrays.reduce((all, array) => all + copied(array), 0);
    }, 0);
}

/** The sizes of the batches of a training run. */
const ringSizes = (options: LoaderOptions): RingSizes => ({
  labels: labelElements(options.train, ownBatch(options)),
  elements: largestBatch(options),
  floats: options.train.dataset.labels instanceof Float32Array,
});

/** The worker's module. */
const workerUrl = () => new URL("./prefetch_worker.ts", import.meta.url);

/** A worker thread that prefetches. */
export interface Prefetcher extends Disposable {
  /** Batch `n` if the worker has started on it; earlier batches are released. */
  take(n: number): Batch | undefined;
}

/**
 * Starts a worker for a training run's batches; undefined if none can be started.
 *
 * @param idle Milliseconds of idleness after which the worker exits, so that it does not keep the program
 * alive; the next `take` starts another.
 */
export function startPrefetching(options: LoaderOptions, idle = IDLE): Prefetcher | undefined {
  if (whyNoThreads(workerUrl) !== undefined) return undefined;
  const sizes = ringSizes(options);
  const memory = allocateRing(sizes);
  const train = sharedSource(options.train), test = options.test && sharedSource(options.test);
  const request = {
    options: { ...options, train, test },
    memory,
    sizes,
    idle,
  } satisfies PrefetchRequest;
  const start = () => {
    // A worker that fails to start claims no batch.
    const worker = startThread(
      () => new Worker(new URL("./prefetch_worker.ts", import.meta.url), { type: "module" }),
      workerUrl,
    );
    worker.postMessage(request);
    return worker;
  };
  const ring = new RingBuffer(memory, sizes);
  let worker = start();
  return {
    take(n) {
      ring.release(n);
      if (ring.revive()) {
        worker.terminate();
        worker = start();
      }
      return ring.claim(n) ? undefined : ring.waitFor(n, WAIT_LIMIT);
    },
    [Symbol.dispose]() {
      ring.close();
      worker.terminate();
    },
  };
}
