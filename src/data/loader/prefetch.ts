/**
 * A thread that makes batches ahead of their use, as the thread that uses them sees it.
 *
 * @module
 */
import type { Batch } from "./collate.ts";
import { type Course, roomOf } from "./sampler.ts";
import type { Labels } from "../dataset.ts";
import type { Prepared } from "../preprocess.ts";
import { Ring, ringMemory } from "./ring_buffer.ts";
import type { Start } from "./prefetch_worker.ts";

/** Milliseconds to wait for a batch that the thread has begun: after as long, one is made here. */
const PATIENCE = 2;
/** See {@linkcode startHelper}. */
const IDLE = 5000;

/** The same elements in memory that threads share. */
function shared<A extends Labels | Float32Array | Float64Array>(array: A): A {
  const make = array.constructor as new (memory: SharedArrayBuffer) => A;
  const copy = new make(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

function sharedSource({ dataset, scale, offset, mean, augmentation }: Prepared): Prepared {
  const images = shared(dataset.images), labels = shared(dataset.labels);
  return {
    dataset: { ...dataset, images, labels },
    scale: shared(scale),
    offset: shared(offset),
    mean: shared(mean),
    augmentation,
  };
}

/** Whether threads can be had. Deno is asked for the permission first, so that it does not ask the user. */
function mayStart(url: URL): boolean {
  if (typeof SharedArrayBuffer !== "function" || typeof Worker !== "function") return false;
  if (url.protocol !== "file:" || typeof Deno === "undefined") return true;
  return Deno.permissions.querySync({ name: "read", path: url }).state === "granted";
}

/** The thread. */
export interface Helper extends Disposable {
  /** Batch `n` if the thread has begun it; batches before it are no longer used. */
  take(n: number): Batch | undefined;
}

/**
 * Starts a thread on a course; undefined where there can be none.
 *
 * @param idle Milliseconds without anything to do after which the thread ends, so that none keeps a
 * program alive; the next batch taken starts another.
 */
export function startHelper(course: Course, idle = IDLE): Helper | undefined {
  const url = new URL("./prefetch_worker.ts", import.meta.url);
  if (!mayStart(url)) return undefined;
  const sizes = { batch: course.batch, elements: roomOf(course) }, memory = ringMemory(sizes);
  const train = sharedSource(course.train), test = course.test && sharedSource(course.test);
  const start = () => {
    const worker = new Worker(url, { type: "module" });
    // A thread that does not come up claims no batch.
    worker.onerror = (event) => event.preventDefault();
    worker.postMessage({ course: { ...course, train, test }, memory, sizes, idle } satisfies Start);
    return worker;
  };
  const ring = new Ring(memory, sizes);
  let worker = start();
  return {
    take(n) {
      ring.use(n);
      if (ring.recall()) {
        worker.terminate();
        worker = start();
      }
      return ring.claim(n) ? undefined : ring.awaited(n, PATIENCE);
    },
    [Symbol.dispose]() {
      ring.end();
      worker.terminate();
    },
  };
}
