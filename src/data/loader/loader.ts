/**
 * The batches of a training, one after another: made ahead by another thread where that pays, and
 * here whenever that thread has not begun the one that is wanted.
 *
 * @module
 */
import type { Batch } from "./collate.ts";
import { type Course, lengthOf, makerOf, roomOf } from "./sampler.ts";
import { startHelper } from "./prefetch.ts";

/** Elements of all batches together below which a thread is not started for them. */
const WORTH_A_THREAD = 2 ** 27;

/** The batches of a course. */
export interface Feed extends Disposable {
  /** The next so many batches. Each is good until the one after it is asked for. */
  take(count: number): Generator<Batch, void>;
}

/**
 * Begins a course.
 *
 * @param ahead Whether another thread is to help; if left out, where there is enough to do.
 */
export function openFeed(course: Course, ahead?: boolean): Feed {
  const make = makerOf(course), elements = roomOf(course);
  const room = { images: new Float32Array(elements), labels: new Int32Array(course.batch) };
  const helps = ahead ?? lengthOf(course) * elements >= WORTH_A_THREAD;
  const helper = helps ? startHelper(course) : undefined;
  let next = 0;
  return {
    *take(count) {
      for (let i = 0; i < count; i++) {
        const n = next++;
        yield helper?.take(n) ?? make(n, room);
      }
    },
    [Symbol.dispose]: () => helper?.[Symbol.dispose](),
  };
}
