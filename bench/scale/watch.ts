/**
 * A stopwatch for the sums of a training step.
 *
 * @module
 */
import type { Distributed, Pending, Reducible, Reduction } from "../../mod.ts";

/** A part of the gradients: its bytes, and how many seconds after the start of a step it was ready. */
export interface Part {
  readonly bytes: number;
  readonly ready: number;
}

/** Seconds of a step in which its process only waited for the others, or for sums; and its parts. */
export interface StepTimes {
  readonly wait: number;
  readonly sum: number;
  readonly parts: readonly Part[];
}

/** A job whose barriers and sums are timed. */
export interface Watched {
  readonly job: Distributed;
  /** Starts a step. */
  begin(): void;
  /** Ends it. */
  end(): StepTimes;
}

const seconds = (from: number): number => (performance.now() - from) / 1000;

/** Watches a job. */
export function watchSums(job: Distributed): Watched {
  let began = performance.now(), wait = 0, sum = 0, parts: Part[] = [];
  /** Calls `work`, whose time is that of sums. */
  const summing = <R>(work: () => R): R => {
    const from = performance.now();
    try {
      return work();
    } finally {
      sum += seconds(from);
    }
  };
  const watched: Partial<Distributed> = {
    allReduce: (data: Reducible, reduction?: Reduction) =>
      summing(() => job.allReduce(data, reduction)),
    barrier() {
      const from = performance.now();
      job.barrier();
      wait += seconds(from);
    },
    startAllReduce(data: Reducible, reduction?: Reduction): Pending {
      parts.push({ bytes: data.byteLength, ready: seconds(began) });
      const pending = job.startAllReduce(data, reduction);
      return { test: () => pending.test(), wait: () => summing(() => pending.wait()) };
    },
  };
  return {
    job: Object.assign(Object.create(job), watched),
    begin() {
      began = performance.now();
      wait = sum = 0;
      parts = [];
    },
    end: () => ({ wait, sum, parts }),
  };
}
