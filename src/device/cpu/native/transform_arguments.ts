/**
 * The arguments of native transforms, as 32-bit words in the argument block, and their variables.
 *
 * @module
 */
import { offsetOf } from "./argument_block.ts";

/** The arguments. */
export const TRANSFORM_ARGUMENTS = [
  ["from", "to", "rows", "columns"],
  ["channels", "lastHeight", "lastWidth"],
  ["fromRow", "fromColumn", "toRow", "toColumn"],
  ["fromLine", "fromBlock", "toLine", "toBlock"],
] as const;

/** The 64-bit variables, behind the word that names the routine. */
const VARIABLES = [
  ...["linePointer", "lineTarget", "blockPointer", "blockTarget"] as const,
  ...["fromColumnStride", "toRowStride", "stack"] as const,
  ...["linesLeft", "blocksLeft", "height", "width"] as const,
] as const;

/** The name of an argument or a variable. */
export type TransformWord =
  | (typeof TRANSFORM_ARGUMENTS)[number][number]
  | (typeof VARIABLES)[number];

const WORDS: readonly string[] = TRANSFORM_ARGUMENTS.flat();

/** The offset of an argument or a variable in bytes. */
export const transformOffset = (word: TransformWord): number => {
  const argument = WORDS.indexOf(word);
  if (argument >= 0) return 4 * argument;
  return offsetOf("routine") + 8 + 8 * (VARIABLES as readonly string[]).indexOf(word);
};
