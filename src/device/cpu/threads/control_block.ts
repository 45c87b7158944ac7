/**
 * How threads communicate: words at the start of the shared memory, and who runs which units of a pass.
 *
 * @module
 */

/** The places of the words that describe the current pass and the workers. */
export const WORD = {
  /** The number of the module, and where its bytes lie. */
  module: 1,
  moduleAddress: 2,
  moduleBytes: 3,
  /** The pass, the address of its table, its units, how many make a chunk, and the chunks. */
  pass: 4,
  table: 5,
  units: 6,
  chunk: 7,
  chunks: 8,
  /** Where the threads' own scratch memory begins, and the bytes of each. */
  local: 9,
  localBytes: 10,
  /** Set by a thread that failed. */
  failed: 11,
  /** Set by a worker that had to compile the module first. */
  compiled: 12,
  /** Set when workers are to end. */
  shutdown: 13,
  /** How many modules were evicted, and the numbers of the last {@linkcode MAX_EVICTED}. */
  evictions: 14,
  evicted: 16,
  /** Chunks that nobody has taken. */
  remaining: 32,
  /** Changes when there is something for workers to do; and how many of them sleep until then. */
  signal: 48,
  sleepers: 49,
  /** Chunks that are done. */
  done: 64,
  /** The first worker's state; others follow. */
  workerState: 96,
} as const;

/** Numbers of evicted modules that are kept; a worker that missed more drops all that it has. */
export const MAX_EVICTED = 16;

/** Words from one worker's state to the next, so that each has a cache line of its own. */
const STATE_STRIDE = 16;

/** The word of a worker's state, by its number from 1. */
export const stateWord = (thread: number): number => WORD.workerState + STATE_STRIDE * (thread - 1);

/** What a worker is: not started yet, ready, or gone. */
export const WORKER_STATE = { starting: 0, ready: 1, gone: 2 } as const;

/** Milliseconds after which a worker without work ends, so that none keeps an idle program alive. */
export const IDLE_TIMEOUT = 3000;

/** The most workers that the words at the start of the memory have room for. */
export const MAX_WORKERS = 57;

/** Bytes at the start of the memory for these words. */
export const CONTROL_BYTES = 4 * stateWord(MAX_WORKERS + 1);

/** Rounds of waiting for others without giving up the processor. */
export const SPIN_LIMIT = 20000;

/** The words of a memory. */
export const controlWords = (memory: WebAssembly.Memory): Int32Array =>
  new Int32Array(memory.buffer, 0, 1024);

/** A pass as a module exports it. */
export type PassFunction = (table: number, from: number, to: number, local: number) => void;

/** The exported name of a pass. */
export const passName = (pass: number): string => `pass${pass}`;

/**
 * Takes a chunk of the current pass: how many remained before, 0 if none. The words that describe a pass stay
 * as they are until all its chunks are done, so they are read after this: whoever comes late takes a chunk of
 * the pass that is there, or nothing, and nobody waits for it.
 */
export function takeChunk(words: Int32Array): number {
  for (;;) {
    const remaining = Atomics.load(words, WORD.remaining);
    if (
      remaining === 0 ||
      Atomics.compareExchange(words, WORD.remaining, remaining, remaining - 1) === remaining
    ) return remaining;
  }
}

/** Runs the chunk that was taken when so many remained. `thread` is 0 for the caller, then the workers. */
export function runChunk(words: Int32Array, run: PassFunction, thread: number, remaining: number) {
  const chunk = words[WORD.chunk]!, from = (words[WORD.chunks]! - remaining) * chunk;
  const local = (words[WORD.local]! >>> 0) + thread * words[WORD.localBytes]!;
  run(words[WORD.table]!, from, Math.min(from + chunk, words[WORD.units]!), local);
}
