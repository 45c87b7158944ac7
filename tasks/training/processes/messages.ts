/**
 * Messages between the processes of a training task: bytes, and plain data as JSON.
 *
 * @module
 */
import type { Distributed } from "../../../src/distributed/mod.ts";

/** Milliseconds between two looks at whether all have come. */
const PAUSE = 10;

/** Resolves once every process has called it. Meanwhile this one leaves the processor to others, and hears signals. */
export async function meet(job: Distributed): Promise<void> {
  const nothing = Float64Array.of(0), meeting = job.startAllReduce(nothing);
  while (!meeting.test()) await new Promise((resolve) => setTimeout(resolve, PAUSE));
}

/** The bytes of process `from`, in all processes; the others give none. */
export function broadcastBytes(
  job: Distributed,
  own: Uint8Array<ArrayBuffer> | undefined,
  from = 0,
): Uint8Array<ArrayBuffer> {
  const length = Float64Array.of(own?.length ?? 0);
  job.broadcast(length, from);
  const bytes = job.rank === from ? own! : new Uint8Array(length[0]!);
  job.broadcast(bytes, from);
  return bytes;
}

/** Plain data of process `from`, in all processes; the others give nothing. */
export function broadcastJson<T>(job: Distributed, own: T | undefined, from = 0): T {
  const text = job.rank === from ? JSON.stringify(own) : undefined;
  const bytes = broadcastBytes(
    job,
    text === undefined ? text : new TextEncoder().encode(text),
    from,
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Plain data of every process, in the order of their ranks. */
export const gatherJson = <T>(job: Distributed, own: T): readonly T[] =>
  Array.from(
    { length: job.size },
    (_, from) => broadcastJson(job, from === job.rank ? own : undefined, from),
  );
