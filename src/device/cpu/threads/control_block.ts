/**
 * How threads talk: words at the start of the shared memory, and who does which units.
 *
 * @module
 */

/** The places of the words that describe a job. */
export const WORD = {
  /** The number of the module, and where its bytes lie. */
  code: 1,
  codeAddress: 2,
  codeBytes: 3,
  /** The pass, the address of its table, its units, how many make a piece, and the pieces. */
  task: 4,
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
  ending: 13,
  /** How many modules were forgotten, and the numbers of the last {@linkcode FORGOTTEN}. */
  forgets: 14,
  forgotten: 16,
  /** Pieces that nobody has taken. */
  left: 32,
  /** Changes when there is something for workers to do; and how many of them sleep until then. */
  bell: 48,
  sleepers: 49,
  /** Pieces that are done. */
  done: 64,
  /** The first worker's state; others follow. */
  state: 96,
} as const;

/** Numbers of forgotten modules that are kept; a worker that missed more forgets all. */
export const FORGOTTEN = 16;

/** Words from one worker's state to the next, so that each has a cache line of its own. */
export const STATE = 16;

/** What a worker is: not there yet, there, or gone. */
export const IS = { absent: 0, here: 1, gone: 2 } as const;

/** Milliseconds after which a worker without a job ends, so that none keeps an idle program alive. */
export const IDLE = 3000;

/** The most workers that the words at the start of the memory have room for. */
export const MOST_WORKERS = 57;

/** Bytes at the start of the memory for these words. */
export const CONTROL_BYTES = 4 * (WORD.state + STATE * MOST_WORKERS);

/** Rounds of waiting for others without giving up the processor. */
export const SPINS = 20000;

/** A pass as a module exports it. */
export type Run = (table: number, from: number, to: number, local: number) => void;

/**
 * Takes a piece of the current job: how many were left before, 0 if none. The words that describe a job stay
 * as they are until all its pieces are done, so they are read after this: whoever comes late takes a piece of
 * the job that is there, or nothing, and nobody waits for it.
 */
export function take(words: Int32Array): number {
  for (;;) {
    const left = Atomics.load(words, WORD.left);
    if (left === 0 || Atomics.compareExchange(words, WORD.left, left, left - 1) === left) {
      return left;
    }
  }
}

/** Runs the piece that was taken when so many were left. `thread` is 0 for the caller, then the workers. */
export function runPiece(words: Int32Array, run: Run, thread: number, left: number) {
  const chunk = words[WORD.chunk]!, from = (words[WORD.chunks]! - left) * chunk;
  const local = (words[WORD.local]! >>> 0) + thread * words[WORD.localBytes]!;
  run(words[WORD.table]!, from, Math.min(from + chunk, words[WORD.units]!), local);
}

/** The exported name of a pass. */
export const passName = (task: number): string => `pass${task}`;
