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
