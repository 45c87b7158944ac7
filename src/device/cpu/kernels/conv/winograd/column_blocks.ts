/**
 * The split of a group's result channels into blocks of columns, which are multiplied and transformed back
 * together.
 *
 * @module
 */
import type { Func, Local } from "../../../wasm/function.ts";

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

/**
 * Splits columns into the fewest blocks of at most so many columns, as equal as possible; they begin at whole
 * panels.
 */
export function splitColumns(columns: number, most: number, panel: number): ColumnBlocks {
  const count = Math.ceil(columns / most);
  const size = Math.ceil(columns / count / panel) * panel;
  if (size >= columns) return { columns, full: 1, remainder: 0, count: 1 };
  const full = Math.floor(columns / size), remainder = columns % size;
  return { columns: size, full, remainder, count: full + Number(remainder > 0) };
}

/** Emits `body` for each size of blocks of columns, and runs that of a block. */
export function byColumns(
  f: Func,
  { columns, full, remainder }: ColumnBlocks,
  block: Local,
  body: (columns: number) => void,
) {
  if (!remainder) return body(columns);
  f.block(() => {
    f.get(block).i32(full).op("i32.eq").when(() => {
      body(remainder);
      f.exit(1);
    });
    body(columns);
  });
}
