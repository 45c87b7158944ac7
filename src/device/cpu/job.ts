/**
 * How threads talk: words at the start of the shared memory, and who does which units.
 *
 * @module
 */

/** The places of the words that describe a job. */
export const WORD = {
  /** What to do, one of {@linkcode DO}. */
  kind: 0,
  /** The number of the program, and where its bytes lie. */
  code: 1,
  codeAddress: 2,
  codeBytes: 3,
  /** The pass, the address of its table, its units, and how many of them are taken at once. */
  task: 4,
  table: 5,
  units: 6,
  chunk: 7,
  /** Where the threads' own scratch memory begins, and the bytes of each. */
  local: 8,
  localBytes: 9,
  /** Set by a thread that failed. */
  failed: 10,
  /** The next unit that nobody has taken. */
  next: 32,
  /** Workers that are not done. */
  pending: 64,
  /** The first worker's mailbox, whose value changes when there is a job for it; others follow. */
  mailbox: 96,
} as const;

/** Words from one mailbox to the next, so that each has a cache line of its own. */
export const MAILBOX = 16;

/** What follows a value of a mailbox; never below 0. */
export const nextMail = (value: number): number => (value + 1) & 0x3fffffff;

/** What a worker leaves in its mailbox when it ends for want of jobs. */
export const GONE = -1;

/** What a mailbox holds until its worker is there. */
export const ABSENT = -2;

/** Milliseconds after which a worker without a job ends, so that none keeps an idle program alive. */
export const IDLE = 3000;

/** Kinds of jobs. */
export const DO = { run: 0, forget: 1, end: 2 } as const;

/** The most workers that the words at the start of the memory have room for. */
export const MOST_WORKERS = 57;

/** Bytes at the start of the memory for these words. */
export const CONTROL_BYTES = 4 * (WORD.mailbox + MAILBOX * MOST_WORKERS);

/** Rounds of waiting for others without giving up the processor. */
export const SPINS = 20000;

/** A pass as a module exports it. */
export type Run = (table: number, from: number, to: number, local: number) => void;

/** Takes units of the current job until none is left. `thread` is 0 for the caller, then the workers. */
export function takeUnits(words: Int32Array, run: Run, thread: number) {
  const units = words[WORD.units]!, chunk = words[WORD.chunk]!, table = words[WORD.table]!;
  const local = (words[WORD.local]! >>> 0) + thread * words[WORD.localBytes]!;
  for (;;) {
    const from = Atomics.add(words, WORD.next, chunk);
    if (from >= units) return;
    run(table, from, Math.min(from + chunk, units), local);
  }
}

/** The exported name of a pass. */
export const passName = (task: number): string => `pass${task}`;
