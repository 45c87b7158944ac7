/**
 * The arguments of native depthwise convolutions, as 32-bit words: those of a call, in the block that all
 * native code shares, and a table of entries, each a rectangle of windows that read the same taps.
 *
 * @module
 */

/** The words of a call: the address and length of its table, and the channels of a pixel. */
export const CALL = ["table", "entries", "channels"] as const;

/** The words of an entry, in groups of four; strides are in bytes. */
export const ENTRY = [
  ["left", "right", "out", "rows"],
  ["windows", "depth", "lines", "leftRow"],
  ["leftWindow", "leftTap", "leftLine", "rightLine"],
  ["rightTap", "outWindow", "outRow", "unused"],
] as const;

/** The name of a word. */
export type EntryWord = (typeof ENTRY)[number][number];

/** Bytes of an entry. */
export const ENTRY_BYTES = 16 * ENTRY.length;

const WORDS: readonly string[] = ENTRY.flat();

/** The offsets of words in bytes. */
export const entryOffset = (word: EntryWord): number => 4 * WORDS.indexOf(word);
export const callOffset = (word: (typeof CALL)[number]): number => 4 * CALL.indexOf(word);

/** The most rows and columns of taps whose sums are in registers together. */
export const MAX_ROWS = 3, MAX_COLUMNS = 4;

/**
 * The words of an entry of a weight gradient: a set of taps, and rows of windows in which all of its rows of
 * taps read pixels. Runs of windows that read the same columns follow.
 */
export const GRADIENT_ENTRY = [
  ["left", "right", "out", "rows"],
  ["taps", "runs", "leftRow", "rightRow"],
  ["leftTap", "leftLine", "outTap", "outLine"],
  ["leftWindow", "rightWindow", "outPanel", "unused"],
  ["rowsLeft", "runsLeft", "spare", "free"],
] as const;

/** The name of a word. */
export type GradientWord = (typeof GRADIENT_ENTRY)[number][number];

/**
 * Bytes of a run: its windows, the index of its columns, and the offsets of its first pixel and cotangent;
 * the most runs of an entry, and the offset of the first.
 */
export const RUN_BYTES = 16, MAX_RUNS = 2 * MAX_COLUMNS - 1;
export const GRADIENT_RUNS = 16 * GRADIENT_ENTRY.length;
export const GRADIENT_ENTRY_BYTES = GRADIENT_RUNS + MAX_RUNS * RUN_BYTES;

const GRADIENT_WORDS: readonly string[] = GRADIENT_ENTRY.flat();

/** The offset of a word in bytes. */
export const gradientOffset = (word: GradientWord): number => 4 * GRADIENT_WORDS.indexOf(word);

/** The index of a set of taps, and of the columns from…to-1 of one. */
export const tapsIndex = (rows: number, columns: number): number =>
  (rows - 1) * MAX_COLUMNS + columns - 1;
export const walkIndex = (rows: number, columns: number, from: number, to: number): number =>
  (tapsIndex(rows, columns) * MAX_COLUMNS + from) * (MAX_COLUMNS + 1) + to;
