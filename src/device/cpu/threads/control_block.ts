/**
 * The control block of the worker threads: words at the start of the shared memory, by which threads claim
 * chunks of a pass.
 *
 * @module
 */

import { BLOCK_BYTES } from "../native/argument_block.ts";

/** The indices of the words that describe the current pass and the workers. */
export const WORD = {
  /** The number of the module, and the address and length of its bytes. */
  module: 1,
  moduleAddress: 2,
  moduleBytes: 3,
  /** The pass, its table's address, its units, the units per chunk, and the chunks. */
  pass: 4,
  table: 5,
  units: 6,
  chunk: 7,
  chunks: 8,
  /** The address of the threads' scratch memory, and the bytes per thread. */
  local: 9,
  localBytes: 10,
  /** Set by a thread that failed. */
  failed: 11,
  /** Set by a worker that had to compile the module first. */
  compiled: 12,
  /** Set when workers are to exit. */
  shutdown: 13,
  /** The count of evicted modules, and the numbers of the last {@linkcode MAX_EVICTED}. */
  evictions: 14,
  evicted: 16,
  /** The address of the description of a task that runs tile by tile; 0 for one pass. */
  tiles: 15,
  /** Chunks that are not yet claimed. */
  remaining: 32,
  /** Changes when there is work for the workers; and the number of workers that sleep until then. */
  signal: 48,
  sleepers: 49,
  /** Chunks that are done. */
  done: 64,
  /** The first worker's state; others follow. */
  workerState: 96,
} as const;

/** The numbers of evicted modules that are recorded; a worker that missed more drops all its modules. */
export const MAX_EVICTED = 16;

/** Words from one worker's state to the next, so that each has a cache line of its own. */
const STATE_STRIDE = 16;

/** The word of a worker's state, by its number from 1. */
export const stateWord = (thread: number): number => WORD.workerState + STATE_STRIDE * (thread - 1);

/** The states of a worker: starting, ready, or gone. */
export const WORKER_STATE = { starting: 0, ready: 1, gone: 2 } as const;

/** Milliseconds after which a worker without work exits, so that it does not keep an idle program alive. */
export const IDLE_TIMEOUT = 3000;

/** The most workers for which the control block has room. */
export const MAX_WORKERS = 57;

/** The address behind the words, where the threads' arguments of native products begin. */
const ARGUMENTS_ADDRESS = 4 * stateWord(MAX_WORKERS + 1);

/** The address of a thread's arguments of native products. */
export const argumentsAddress = (thread: number): number =>
  ARGUMENTS_ADDRESS + BLOCK_BYTES * thread;

/** The size of the control block in bytes. */
export const CONTROL_BYTES = argumentsAddress(MAX_WORKERS + 1);

/** Iterations of busy waiting before a thread blocks. */
export const SPIN_LIMIT = 20000;

/** The control block of a memory. */
export const controlWords = (memory: WebAssembly.Memory): Int32Array =>
  new Int32Array(memory.buffer, 0, 1024);

/** A pass as a module exports it. */
export type PassFunction = (table: number, from: number, to: number, local: number) => void;

/** The exported name of a pass. */
export const passName = (pass: number): string => `pass${pass}`;

/**
 * Claims a chunk of the current pass; returns how many were unclaimed before, 0 if none. The words that
 * describe a pass do not change until all its chunks are done, so they are read after this: a late thread
 * claims a chunk of the pass that is then current, or none, and no thread waits for it.
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

/**
 * Runs the chunk that was claimed when `remaining` were unclaimed. `thread` is 0 for the caller, 1 and up
 * for workers.
 */
export function runChunk(words: Int32Array, run: PassFunction, thread: number, remaining: number) {
  const chunk = words[WORD.chunk]!, from = (words[WORD.chunks]! - remaining) * chunk;
  const local = (words[WORD.local]! >>> 0) + thread * words[WORD.localBytes]!;
  run(words[WORD.table]! >>> 0, from, Math.min(from + chunk, words[WORD.units]!), local);
}
