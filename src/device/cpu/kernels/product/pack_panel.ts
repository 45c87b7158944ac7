/**
 * Packs the right operand of a product into a panel: rows of adjacent columns.
 *
 * @module
 */
import type { Func, Local } from "../../wasm/function.ts";

/** A matrix in memory, with its strides in elements, and the elements from row to row of the panel. */
export interface PanelSource {
  readonly rows: number;
  /** Columns to copy, at most `width`. */
  readonly columns: number;
  readonly width: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** The addresses of the matrix and of the panel; `to` is advanced past the panel's rows. */
export type PanelPointers = Readonly<Record<"from" | "to", Local>>;

/** Emits the packing of a panel: by vectors where columns or rows are adjacent in memory. */
export function packPanel(f: Func, s: PanelSource, { from, to }: PanelPointers) {
  const row = f.local("i32"), at = f.local("i32");
  f.get(from).set(at);
  const packRows = (count: number, together: number, pack: () => void) => {
    f.count(row, count, () => {
      pack();
      f.advance(at, 4 * together * s.rowStride).advance(to, 4 * together * s.width);
    }, together);
  };
  if (s.columnStride === 1) packRows(s.rows, 1, () => copyRow(f, s, at, to));
  else if (s.rowStride === 1) {
    packRows(s.rows - s.rows % 4, 4, () => transposeRows(f, s, at, to));
    packRows(s.rows % 4, 1, () => gatherRow(f, s, at, to));
  } else packRows(s.rows, 1, () => gatherRow(f, s, at, to));
}

/** Copies a row of adjacent elements. */
function copyRow(f: Func, { columns }: PanelSource, from: Local, to: Local) {
  const full = columns - columns % 4;
  for (let column = 0; column < full; column += 4) {
    f.get(to, from).access("v128.load", 4 * column).access("v128.store", 4 * column);
  }
  for (let column = full; column < columns; column++) {
    f.get(to, from).access("i32.load", 4 * column).access("i32.store", 4 * column);
  }
}

/** Copies a row element by element. */
function gatherRow(f: Func, { columns, columnStride }: PanelSource, from: Local, to: Local) {
  for (let column = 0; column < columns; column++) {
    f.get(to, from).access("i32.load", 4 * column * columnStride);
    f.access("i32.store", 4 * column);
  }
}

/** Copies four rows from columns in which they are adjacent. */
function transposeRows(
  f: Func,
  { columns, width, columnStride }: PanelSource,
  from: Local,
  to: Local,
) {
  const full = columns - columns % 4;
  for (let column = 0; column < full; column += 4) {
    const vectors = f.locals("v128", 4);
    vectors.forEach((vector, i) => {
      f.get(from).access("v128.load", 4 * (column + i) * columnStride).set(vector);
    });
    storeTransposed(f, vectors, (i) => {
      f.get(to);
      return 4 * (i * width + column);
    });
  }
  for (let column = full; column < columns; column++) {
    for (let row = 0; row < 4; row++) {
      f.get(to, from).access("i32.load", 4 * (column * columnStride + row));
      f.access("i32.store", 4 * (row * width + column));
    }
  }
}

/** Stores the transpose of four vectors; `target` pushes the address of row `i` and returns its offset. */
export function storeTransposed(
  f: Func,
  [a, b, c, d]: readonly [Local, Local, Local, Local],
  target: (i: number) => number,
) {
  const [low0, low1, high0, high1] = f.locals("v128", 4);
  f.get(a, b).shuffle(0, 4, 1, 5).set(low0).get(c, d).shuffle(0, 4, 1, 5).set(low1);
  f.get(a, b).shuffle(2, 6, 3, 7).set(high0).get(c, d).shuffle(2, 6, 3, 7).set(high1);
  [[low0, low1], [high0, high1]].forEach(([first, second], half) => {
    for (const part of [0, 1]) {
      const offset = target(2 * half + part);
      f.get(first!, second!);
      if (part === 0) f.shuffle(0, 1, 4, 5);
      else f.shuffle(2, 3, 6, 7);
      f.access("v128.store", offset);
    }
  });
}
