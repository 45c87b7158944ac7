/**
 * The thread that makes batches ahead of their use.
 *
 * @module
 */
import { type Course, lengthOf, makerOf } from "./sampler.ts";
import { Ring, type RingSizes } from "./ring_buffer.ts";

/** What the thread is started with. */
export interface Start {
  /** What to make, of data in shared memory. */
  readonly course: Course;
  /** The ring's memory. */
  readonly memory: SharedArrayBuffer;
  /** The ring's sizes. */
  readonly sizes: RingSizes;
  /** Milliseconds without a free place after which the thread ends. */
  readonly idle: number;
}

function work({ course, memory, sizes, idle }: Start): void {
  const ring = new Ring(memory, sizes);
  try {
    const make = makerOf(course),
      length = lengthOf(course),
      next = () => ring.claimNext(length, idle);
    for (let n = next(); n !== undefined; n = next()) ring.put(n, make(n, ring.room(n)));
  } catch {
    // Whoever uses the batches makes this one too, and meets the fault there.
    ring.fail();
  }
}

const port = self as unknown as {
  onmessage: ((event: MessageEvent<Start>) => void) | null;
  close(): void;
};
port.onmessage = ({ data }) => {
  port.onmessage = null;
  work(data);
  port.close();
};
