/**
 * A worker thread of the CPU device: it waits for jobs in the shared memory and does its share.
 *
 * @module
 */
import {
  DO,
  GONE,
  IDLE,
  MAILBOX,
  nextMail,
  passName,
  type Run,
  SPINS,
  takeUnits,
  WORD,
} from "./job.ts";

/** What a worker is started with. */
export interface Start {
  readonly memory: WebAssembly.Memory;
  /** Its number, from 1. */
  readonly thread: number;
}

/** Waits for a job; false if there was none for so long that the worker has left. */
function awaitMail(words: Int32Array, mailbox: number, seen: number): boolean {
  for (let spin = 0; spin < SPINS; spin++) {
    if (Atomics.load(words, mailbox) !== seen) return true;
  }
  for (;;) {
    const late = Atomics.wait(words, mailbox, seen, IDLE) === "timed-out";
    const left = late && Atomics.compareExchange(words, mailbox, seen, GONE) === seen;
    if (left) return false;
    if (Atomics.load(words, mailbox) !== seen) return true;
  }
}

function work({ memory, thread }: Start) {
  const words = new Int32Array(memory.buffer, 0, 1024);
  const mailbox = WORD.mailbox + MAILBOX * (thread - 1);
  const programs = new Map<number, WebAssembly.Exports>();
  const programOf = (number: number) => {
    let program = programs.get(number);
    if (!program) {
      const address = words[WORD.codeAddress]! >>> 0;
      const bytes = new Uint8Array(memory.buffer, address, words[WORD.codeBytes]).slice();
      const module = new WebAssembly.Module(bytes);
      program = new WebAssembly.Instance(module, { env: { memory } }).exports;
      programs.set(number, program);
    }
    return program;
  };
  for (let seen = 0; awaitMail(words, mailbox, seen); seen = nextMail(seen)) {
    const kind = words[WORD.kind];
    try {
      const number = words[WORD.code]!;
      if (kind === DO.forget) programs.delete(number);
      if (kind === DO.run) {
        const run = programOf(number)[passName(words[WORD.task]!)] as unknown as Run;
        takeUnits(words, run, thread);
      }
    } catch {
      Atomics.store(words, WORD.failed, thread);
    }
    if (Atomics.sub(words, WORD.pending, 1) === 1) Atomics.notify(words, WORD.pending);
    if (kind === DO.end) return;
  }
}

/** Says in the memory that this worker is there, so that a caller who cannot turn to messages sees it. */
function announce({ memory, thread }: Start) {
  const words = new Int32Array(memory.buffer, 0, 1024);
  const mailbox = WORD.mailbox + MAILBOX * (thread - 1);
  Atomics.store(words, mailbox, 0);
  Atomics.notify(words, mailbox);
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
