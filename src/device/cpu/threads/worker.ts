/**
 * A worker thread of the CPU device: waits for passes and runs chunks of them.
 *
 * @module
 */
import { serveOnce } from "../../../platform/threads.ts";
import type { NativeThread } from "../native/mod.ts";
import { MemoryWords, runTiles, SharedTiles } from "./tiles.ts";
import {
  controlWords,
  IDLE_TIMEOUT,
  MAX_EVICTED,
  type PassFunction,
  passName,
  runChunk,
  SPIN_LIMIT,
  stateWord,
  takeChunk,
  WORD,
  WORKER_STATE,
} from "./control_block.ts";
import { moduleImports } from "./module_imports.ts";

/** The message that a worker is started with. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1. */
  readonly thread: number;
  /** What it needs to call native code, if there is any. */
  readonly native: NativeThread | undefined;
}

/** Waits until the signal changes; returns false if the worker should exit because of the idle timeout. */
function awaitSignal(words: Int32Array, seen: number): boolean {
  for (let spin = 0; spin < SPIN_LIMIT; spin++) {
    if (Atomics.load(words, WORD.signal) !== seen) return true;
  }
  Atomics.add(words, WORD.sleepers, 1);
  const late = Atomics.wait(words, WORD.signal, seen, IDLE_TIMEOUT) === "timed-out";
  Atomics.sub(words, WORD.sleepers, 1);
  return !late || Atomics.load(words, WORD.signal) !== seen;
}

/** The modules of this worker, compiled on first use. */
class WorkerModules {
  readonly #memory: MemoryWords;
  readonly #words: Int32Array;
  readonly #imports: WebAssembly.Imports;
  readonly #known = new Map<number, WebAssembly.Exports>();
  #evictions: number;

  constructor({ memory, native }: WorkerStart, words: Int32Array) {
    this.#memory = new MemoryWords(memory);
    this.#imports = moduleImports(memory, native);
    this.#words = words;
    this.#evictions = Atomics.load(words, WORD.evictions);
  }

  /** The current task, of which a chunk must have been claimed. */
  currentTask(): PassFunction {
    const words = this.#words, address = words[WORD.tiles]! >>> 0;
    if (address === 0) {
      const { module, moduleAddress, moduleBytes, pass } = WORD;
      return this.#pass(words[module]!, words[moduleAddress]!, words[moduleBytes]!, words[pass]!);
    }
    const tiles = new SharedTiles(this.#memory, address);
    const passes = tiles.passes.map((pass) => this.#pass(...pass));
    return (...range) => runTiles(passes, tiles.words, this.#memory, range);
  }

  /** A pass of a module, by the module's number and its bytes in the memory. */
  #pass(number: number, address: number, length: number, pass: number): PassFunction {
    let exports = this.#known.get(number);
    if (!exports) {
      const from = address >>> 0, { buffer } = this.#memory.upTo(from + length);
      const bytes = new Uint8Array(buffer, from, length).slice() as Uint8Array<ArrayBuffer>;
      exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports).exports;
      this.#known.set(number, exports);
      Atomics.store(this.#words, WORD.compiled, 1);
    }
    return exports[passName(pass)] as unknown as PassFunction;
  }

  /** Drops the modules that were evicted since last time. */
  dropEvicted() {
    const evictions = Atomics.load(this.#words, WORD.evictions);
    if (evictions - this.#evictions > MAX_EVICTED) this.#known.clear();
    for (let i = Math.max(this.#evictions, evictions - MAX_EVICTED); i < evictions; i++) {
      this.#known.delete(Atomics.load(this.#words, WORD.evicted + i % MAX_EVICTED));
    }
    this.#evictions = evictions;
  }
}

/** Runs chunks of passes until shutdown or the idle timeout. */
function work(start: WorkerStart) {
  const { memory, thread } = start, words = controlWords(memory);
  const modules = new WorkerModules(start, words);
  for (let seen = -1; awaitSignal(words, seen);) {
    seen = Atomics.load(words, WORD.signal);
    if (Atomics.load(words, WORD.shutdown)) break;
    modules.dropEvicted();
    for (let remaining = takeChunk(words); remaining > 0; remaining = takeChunk(words)) {
      try {
        runChunk(words, modules.currentTask(), thread, remaining);
      } catch {
        Atomics.store(words, WORD.failed, thread);
      }
      const chunks = words[WORD.chunks];
      if (Atomics.add(words, WORD.done, 1) + 1 === chunks) Atomics.notify(words, WORD.done);
    }
  }
  setState(words, thread, WORKER_STATE.gone);
}

/** Publishes this worker's state in the shared memory, since a running caller does not receive messages. */
function setState(words: Int32Array, thread: number, state: number) {
  Atomics.store(words, stateWord(thread), state);
  Atomics.notify(words, stateWord(thread));
}

serveOnce<WorkerStart>((start, reply) => {
  setState(controlWords(start.memory), start.thread, WORKER_STATE.ready);
  reply("ready");
  work(start);
});
