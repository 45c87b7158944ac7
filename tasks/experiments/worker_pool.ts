/**
 * A pool of workers that train runs of an experiment, each one run at a time. Threads rather than processes:
 * they end with the program, however it ends, and none of them continues to write.
 *
 * @module
 */
import type { Observer } from "../run/events.ts";
import type { PlannedCell } from "./cells.ts";
import type { WorkerContext, WorkerRequest, WorkerResponse } from "./messages.ts";
import type { CellOutcome } from "./outcome.ts";

/** Trains a run, passing its events to `observer`; returns its outcome. */
export type CellRunner = (cell: PlannedCell, observer: Observer) => Promise<CellOutcome>;

/** A pool of workers. */
export interface WorkerPool extends Disposable {
  /** One per worker; each trains one run at a time. */
  readonly runners: readonly CellRunner[];
}

/** Passes events to an observer in order; an error of the observer is thrown by `drain`. */
function eventQueue(observer: Observer) {
  let handled: Promise<void> = Promise.resolve();
  return {
    add: (event: Parameters<Observer>[0]) => {
      handled = handled.then(() => observer(event));
      handled.catch(() => {});
    },
    drain: () => handled,
  };
}

function startWorker(context: WorkerContext, signal: AbortSignal) {
  const worker = new Worker(new URL("./cell_worker.ts", import.meta.url), { type: "module" });
  const send = (request: WorkerRequest) => worker.postMessage(request);
  const stop = () => send({ kind: "stop" });
  let fault: CellOutcome | undefined;
  send({ kind: "open", context });
  signal.addEventListener("abort", stop);
  const run: CellRunner = (cell, observer) =>
    new Promise((resolve, reject) => {
      const events = eventQueue(observer);
      const settle = (outcome: CellOutcome) =>
        void events.drain().then(() => resolve(outcome), reject);
      worker.onmessage = ({ data }: MessageEvent<WorkerResponse>) => {
        if (data.kind === "event") events.add(data.event);
        else settle(data.outcome);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        fault = { status: "failed", message: event.message };
        settle(fault);
      };
      if (fault) settle(fault);
      else send({ kind: "run", cell });
    });
  const end = () => {
    signal.removeEventListener("abort", stop);
    worker.terminate();
  };
  return { run, end };
}

/** Starts workers; where `signal` is aborted, their runs stop early. */
export function createWorkerPool(
  size: number,
  context: WorkerContext,
  signal: AbortSignal,
): WorkerPool {
  const workers = Array.from({ length: size }, () => startWorker(context, signal));
  return {
    runners: workers.map(({ run }) => run),
    [Symbol.dispose]: () => workers.forEach(({ end }) => end()),
  };
}
