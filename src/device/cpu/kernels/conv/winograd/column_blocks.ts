/**
 * The split of a group's result channels into blocks of columns, which are multiplied and transformed back
 * together.
 *
 * @module
 */

/** The most columns of a block, so that its products stay in the L2 cache. */
const MOST_COLUMNS = 64;
/** Blocks begin at multiples of this many columns: whole panels of every width. */
const COLUMN_STEP = 16;

/** Blocks of columns of each group. */
export interface ColumnBlocks {
  /** Columns of a block. */
  readonly columns: number;
  /** Blocks of so many columns, and the columns of a last, partial one; 0 if there is none. */
  readonly full: number;
  readonly remainder: number;
  /** Blocks of a group. */
  readonly count: number;
}

/** Splits columns into the fewest blocks, as equal as possible, but at least `fewest` of them where it can. */
export function splitColumns(columns: number, fewest = 1): ColumnBlocks {
  const count = Math.max(fewest, Math.ceil(columns / MOST_COLUMNS));
  const size = Math.ceil(columns / count / COLUMN_STEP) * COLUMN_STEP;
  if (size >= columns) return { columns, full: 1, remainder: 0, count: 1 };
  const full = Math.floor(columns / size), remainder = columns % size;
  return { columns: size, full, remainder, count: full + Number(remainder > 0) };
}
