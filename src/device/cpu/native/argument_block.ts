/**
 * The arguments of the native product, as 32-bit words in the memory of WebAssembly, and its variables
 * behind them.
 *
 * @module
 */

/** The routines of native code, by the argument `routine`; `transform` is the first of many. */
export const ROUTINES = {
  product: 0,
  depthwise: 1,
  depthwiseGradient: 2,
  expression: 3,
  transform: 4,
} as const;

/** The arguments of a product, in groups of four that are written together. */
export const ARGUMENTS = [
  ["left", "right", "out", "rows"],
  ["depth", "lines", "columns", "batch"],
  ["leftRow", "leftStep", "leftLine", "accumulates"],
  ["rightStep", "rightLine", "rightPanel", "outRow"],
  ["leftBatch", "rightBatch", "outBatch", "blocks"],
  ["leftBlock", "rightBlock", "routine", "unused"],
] as const;

/** The 64-bit variables. */
const VARIABLES = [
  ...["panelRight", "panelOut", "firstLeft", "kernels"] as const,
  ...["productLeft", "productRight", "productOut", "products"] as const,
  ...["rowsLeft", "tiles", "height", "lineLeft", "lineRight", "linesLeft"] as const,
  ...["blockLeft", "blockRight", "blocksLeft", "aheadStep"] as const,
] as const;

/** The name of an argument or a variable. */
export type Word = (typeof ARGUMENTS)[number][number] | (typeof VARIABLES)[number];

const WORDS: readonly string[] = ARGUMENTS.flat();

/** The offset of an argument or a variable in bytes. */
export const offsetOf = (word: Word): number => {
  const argument = WORDS.indexOf(word);
  if (argument >= 0) return 4 * argument;
  return 4 * WORDS.length + 8 * (VARIABLES as readonly string[]).indexOf(word);
};

/** Bytes of a block of arguments and variables. */
export const BLOCK_BYTES = 256;
