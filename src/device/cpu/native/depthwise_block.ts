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
  ["rightTap", "outWindow", "outRow", "rightPanel"],
  ["most", "tiles", "unused", "reserved"],
] as const;

/** The channels of a group, in and out, that there is code for. */
export const GROUPS = [1, 2, 4] as const;

/** The lanes that hold the `k`-th channel of each lane's group, two bits for each of four. */
export const groupLanes = (group: number, k: number): number =>
  [0, 1, 2, 3].reduce((bits, lane) => bits | (lane - lane % group + k) << 2 * lane, 0);

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
  ["leftWindow", "rightWindow", "outPanel", "most"],
  ["rowsTogether", "rowsLeft", "runsLeft", "unused"],
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

/** The most rows and columns of a set of taps, of groups of so many channels. */
export const mostTaps = (group: number): readonly [rows: number, columns: number] =>
  group === 1 ? [MAX_ROWS, MAX_COLUMNS] : [1, 3];

/** Rows by columns of taps, of groups of so many channels. */
export type Taps = readonly [group: number, rows: number, columns: number];

/** Every set of taps that there is code for. */
export const ALL_TAPS: readonly Taps[] = GROUPS.flatMap((group) => {
  const [rows, columns] = mostTaps(group);
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
  return numbers(rows).flatMap((r) => numbers(columns).map((c): Taps => [group, r, c]));
});

/** The index of a set of taps, and of the columns from…to-1 of one. */
export const tapsIndex = (taps: Taps): number =>
  ALL_TAPS.findIndex((other) => other.every((n, i) => n === taps[i]));
export const walkIndex = (taps: Taps, from: number, to: number): number =>
  (tapsIndex(taps) * MAX_COLUMNS + from) * (MAX_COLUMNS + 1) + to;
