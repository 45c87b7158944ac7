/**
 * A worker thread of the CPU device: it waits for jobs in the shared memory and does its share.
 *
 * @module
 */
import {
  FORGOTTEN,
  IDLE,
  IS,
  passName,
  type Run,
  runPiece,
  SPINS,
  STATE,
  take,
  WORD,
} from "./control_block.ts";

/** What a worker is started with. */
export interface Start {
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1. */
  readonly thread: number;
}

/** Waits until the bell rings again; false if it did not for so long that the worker should leave. */
function awaitBell(words: Int32Array, seen: number): boolean {
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(words, WORD.bell) !== seen) return true;
  }
  Atomics.add(words, WORD.sleepers, 1);
  const late = Atomics.wait(words, WORD.bell, seen, IDLE) === "timed-out";
  Atomics.sub(words, WORD.sleepers, 1);
  return !late || Atomics.load(words, WORD.bell) !== seen;
}

/** The passes of modules, compiled when first needed. */
class Modules {
  readonly #memory: WebAssembly.Memory;
  readonly #words: Int32Array;
  readonly #known = new Map<number, WebAssembly.Exports>();
  #forgets: number;

  constructor(memory: WebAssembly.Memory, words: Int32Array) {
    this.#memory = memory;
    this.#words = words;
    this.#forgets = Atomics.load(words, WORD.forgets);
  }

  /** The pass of the current job, of which a piece must have been taken. */
  current(): Run {
    const words = this.#words, number = words[WORD.code]!;
    let exports = this.#known.get(number);
    if (!exports) {
      const address = words[WORD.codeAddress]! >>> 0, length = words[WORD.codeBytes]!;
      const bytes = new Uint8Array(this.#memory.buffer, address, length).slice();
      const imports = { env: { memory: this.#memory } };
      exports = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports;
      this.#known.set(number, exports);
      Atomics.store(words, WORD.compiled, 1);
    }
    return exports[passName(words[WORD.task]!)] as unknown as Run;
  }

  /** Forgets what is no longer needed. */
  forget() {
    const forgets = Atomics.load(this.#words, WORD.forgets);
    if (forgets - this.#forgets > FORGOTTEN) this.#known.clear();
    for (let i = Math.max(this.#forgets, forgets - FORGOTTEN); i < forgets; i++) {
      this.#known.delete(Atomics.load(this.#words, WORD.forgotten + i % FORGOTTEN));
    }
    this.#forgets = forgets;
  }
}

function work({ memory, thread }: Start) {
  const words = new Int32Array(memory.buffer, 0, 1024), modules = new Modules(memory, words);
  for (let seen = -1; awaitBell(words, seen);) {
    seen = Atomics.load(words, WORD.bell);
    if (Atomics.load(words, WORD.ending)) break;
    modules.forget();
    for (let left = take(words); left > 0; left = take(words)) {
      try {
        runPiece(words, modules.current(), thread, left);
      } catch {
        Atomics.store(words, WORD.failed, thread);
      }
      const chunks = words[WORD.chunks];
      if (Atomics.add(words, WORD.done, 1) + 1 === chunks) Atomics.notify(words, WORD.done);
    }
  }
  Atomics.store(words, WORD.state + STATE * (thread - 1), IS.gone);
  Atomics.notify(words, WORD.state + STATE * (thread - 1));
}

/** Says in the memory that this worker is there, so that a caller who cannot turn to messages sees it. */
function announce({ memory, thread }: Start) {
  const words = new Int32Array(memory.buffer, 0, 1024);
  Atomics.store(words, WORD.state + STATE * (thread - 1), IS.here);
  Atomics.notify(words, WORD.state + STATE * (thread - 1));
}

const port = self as unknown as {
  onmessage: ((event: MessageEvent<Start>) => void) | null;
  postMessage(message: string): void;
  close(): void;
};
port.onmessage = ({ data }) => {
  port.onmessage = null;
  announce(data);
  port.postMessage("ready");
  work(data);
  port.close();
};
