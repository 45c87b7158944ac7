/**
 * Starts the worker threads of a device on first use, restarts those that exited as idle, and counts those
 * that are ready.
 *
 * @module
 */
import { startThread, whyNoThreads, type WorkerThread } from "../../../platform/threads.ts";
import { settledWithin } from "../../../platform/settled_within.ts";
import type { NativeCode } from "../native/mod.ts";
import { stateWord, WORD, WORKER_STATE } from "./control_block.ts";
import type { WorkerStart } from "./worker.ts";

/** Milliseconds that the first run waits for its workers to start. */
const FIRST_WAIT = 300;

/** Milliseconds in which a worker answers; one that does not is as one that failed to start. */
const START_MS = 10_000;

/** Whether this thread may block; a page's main thread may not. */
export const mayWait = (): boolean => !("document" in globalThis);

/** The workers' module. */
const workerUrl = () => new URL("./worker.ts", import.meta.url);

/** Why there can be no workers; undefined where there can. */
export const whyNoWorkers = (): string | undefined => whyNoThreads(workerUrl);

/** The workers of one device. */
export class Workers {
  readonly #memory: WebAssembly.Memory;
  readonly #words: Int32Array;
  readonly #count: number;
  readonly #native: NativeCode | undefined;
  /** The workers by thread number, from 1. */
  readonly #workers = new Map<number, WorkerThread>();
  #starting: Promise<unknown> | undefined;

  /** @param count The most workers. */
  constructor(
    memory: WebAssembly.Memory,
    words: Int32Array,
    count: number,
    native: NativeCode | undefined,
  ) {
    this.#native = native;
    this.#memory = memory;
    this.#words = words;
    this.#count = count;
  }

  /** Whether any worker was started. */
  get started(): boolean {
    return this.#workers.size > 0;
  }

  /** Resolves when every started worker has answered. */
  async settle(): Promise<void> {
    await this.#starting;
  }

  /** Starts missing workers, waiting briefly the first time, and returns how many are ready. */
  gather(): number {
    const words = this.#words, patient = !this.#starting && mayWait();
    this.#removeGone();
    this.#starting ??= this.#start();
    const end = performance.now() + FIRST_WAIT;
    let ready = 0;
    for (const thread of this.#workers.keys()) {
      const state = stateWord(thread);
      if (patient) {
        Atomics.wait(words, state, WORKER_STATE.starting, Math.max(0, end - performance.now()));
      }
      if (Atomics.load(words, state) === WORKER_STATE.ready) ready++;
    }
    return ready;
  }

  /** Removes workers that have exited as idle. */
  #removeGone() {
    for (const thread of this.#workers.keys()) {
      if (Atomics.load(this.#words, stateWord(thread)) !== WORKER_STATE.gone) continue;
      this.#workers.delete(thread);
      this.#starting = undefined;
    }
  }

  #start(): Promise<unknown> {
    const threads = Array.from({ length: this.#count }, (_, i) => i + 1);
    return settledWithin(Promise.all(threads.map((thread) => this.#startOne(thread))), START_MS);
  }

  /** Starts a worker; resolves when it has answered or failed, as then the other threads do its share. */
  #startOne(thread: number): Promise<void> | undefined {
    if (this.#workers.has(thread)) return;
    Atomics.store(this.#words, stateWord(thread), WORKER_STATE.starting);
    return new Promise<void>((resolve) => {
      const worker = startThread(
        () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
        workerUrl,
        { onMessage: () => resolve(), onError: resolve },
      );
      this.#workers.set(thread, worker);
      const start: WorkerStart = {
        memory: this.#memory,
        thread,
        native: this.#native?.threads[thread],
      };
      worker.postMessage(start);
    }).catch(() => {});
  }

  /** Whether a worker sleeps. */
  get sleep(): boolean {
    return Atomics.load(this.#words, WORD.sleepers) > 0;
  }

  /** Wakes all workers. */
  wake() {
    const words = this.#words;
    Atomics.add(words, WORD.signal, 1);
    if (Atomics.load(words, WORD.sleepers) > 0) Atomics.notify(words, WORD.signal);
  }

  /** Terminates the workers. */
  async close(): Promise<void> {
    await this.#starting;
    if (!this.started) return;
    Atomics.store(this.#words, WORD.shutdown, 1);
    this.wake();
    for (const worker of this.#workers.values()) worker.terminate();
  }
}
