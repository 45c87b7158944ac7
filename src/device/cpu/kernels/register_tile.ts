/**
 * Register tiling of matrix products: up to 4 rows by 8 columns of accumulators, or by 16 where the engine
 * fuses pairs of vectors.
 *
 * @module
 */
import { Func, type Local } from "../wasm/function.ts";
import { type Features, multiplyAdd } from "../features.ts";

/** Rows of a full tile. */
export const ROWS = 4;

/** Columns of a full tile. */
export const tileColumns = ({ wide }: Features): number => wide ? 16 : 8;

/** A tile of accumulators, row by row, one vector for each four columns. */
export class RegisterTile {
  readonly #f: Func;
  readonly #features: Features;
  readonly #rows: number;
  /** Vectors of a row. */
  readonly #vectors: number;
  readonly #sums: readonly Local[];
  readonly #right: readonly Local[];
  readonly #left: readonly Local[];
  readonly #spread: Local;

  constructor(f: Func, features: Features, rows: number) {
    this.#f = f;
    this.#features = features;
    this.#rows = rows;
    this.#vectors = tileColumns(features) / 4;
    this.#sums = f.locals("v128", this.#vectors * rows);
    this.#right = f.locals("v128", this.#vectors);
    this.#left = f.locals("v128", rows);
    this.#spread = f.local("v128");
  }

  /** Starts every sum at zero. */
  clear() {
    for (const sum of this.#sums) this.#f.floats(0).set(sum);
  }

  /** The bytes from a tile's first element to the vector of a sum. */
  #offset(sum: number, rowBytes: number): number {
    return Math.floor(sum / this.#vectors) * rowBytes + (sum % this.#vectors) * 16;
  }

  /** Loads sums that were stored before. */
  reload(target: Local, rowBytes: number) {
    this.#sums.forEach((sum, i) => {
      this.#f.get(target).access("v128.load", this.#offset(i, rowBytes)).set(sum);
    });
  }

  #columns(right: Local, offset: number) {
    this.#right.forEach((v, j) => this.#f.get(right).access("v128.load", offset + 16 * j).set(v));
  }

  #add(row: number) {
    const f = this.#f;
    this.#right.forEach((v, j) => {
      const sum = this.#sums[this.#vectors * row + j]!;
      const read = (local: Local) => () => f.get(local);
      multiplyAdd(f, this.#features, read(this.#spread), read(v), read(sum));
      f.set(sum);
    });
  }

  /**
   * Accumulates four products per element: rows of the left operand are `rowBytes` apart, four consecutive
   * elements each from `leftOffset` on.
   */
  deep(left: Local, rowBytes: number, right: Local, leftOffset = 0, rightOffset = 0) {
    const f = this.#f, { wide } = this.#features, columnBytes = 16 * this.#vectors;
    if (!wide) {
      this.#left.forEach((v, i) =>
        f.get(left).access("v128.load", leftOffset + i * rowBytes).set(v)
      );
    }
    for (let k = 0; k < 4; k++) {
      this.#columns(right, rightOffset + k * columnBytes);
      this.#left.forEach((v, i) => {
        // Vector pairs load one element from memory; single vectors splat a lane that is loaded already.
        if (wide) f.get(left).access("v128.load32_splat", leftOffset + i * rowBytes + 4 * k);
        else f.spread(v, k);
        f.set(this.#spread);
        this.#add(i);
      });
    }
  }

  /** Accumulates one product per element, with rows of the left operand `rowBytes` apart. */
  shallow(left: Local, rowBytes: number, right: Local) {
    this.#columns(right, 0);
    for (let i = 0; i < this.#rows; i++) {
      this.#f.get(left).access("v128.load32_splat", i * rowBytes).set(this.#spread);
      this.#add(i);
    }
  }

  /** Accumulates one product per element, with rows of the left operand adjacent in memory. */
  across(left: Local, leftOffset: number, right: Local, rightOffset: number) {
    const f = this.#f, whole = this.#rows === ROWS && !this.#features.wide;
    this.#columns(right, rightOffset);
    if (whole) f.get(left).access("v128.load", leftOffset).set(this.#left[0]!);
    for (let i = 0; i < this.#rows; i++) {
      if (whole) f.spread(this.#left[0]!, i);
      else f.get(left).access("v128.load32_splat", leftOffset + 4 * i);
      f.set(this.#spread);
      this.#add(i);
    }
  }

  /** Stores the first `columns` columns of the sums; all if left out. */
  store(target: Local, rowBytes: number, columns = 4 * this.#vectors) {
    const f = this.#f;
    this.#sums.forEach((sum, i) => {
      const at = this.#offset(i, rowBytes), left = columns - (i % this.#vectors) * 4;
      if (left >= 4) f.get(target, sum).access("v128.store", at);
      else {for (let lane = 0; lane < left; lane++) {
          f.get(target, sum).storeLane(lane, at + 4 * lane);
        }}
    });
  }
}

/** The sizes of a tile's product, summed over lines of `depth` contiguous elements. */
export interface Products {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** Bytes from row to row of the left operand. */
  readonly leftRow: number;
  /** The number of lines, and the bytes from one to the next in the left operand. */
  readonly lines: number;
  readonly leftLine: number;
  /** Bytes from row to row of the result. */
  readonly outRow: number;
}

/** A function (left, right, target) that computes a tile; the right operand is packed by rows of columns. */
export function productTile(features: Features, p: Products): Func {
  const f = new Func(["i32", "i32", "i32"]), [left, right, target] = f.inputs(3);
  const [line, end] = f.locals("i32", 2), tile = new RegisterTile(f, features, p.rows);
  const deep = p.depth - p.depth % 4, columnBytes = 4 * tileColumns(features);
  tile.clear();
  f.count(line, p.lines, () => {
    if (deep > 0) {
      f.get(left).plus(4 * deep).set(end);
      f.until(left, end, () => {
        tile.deep(left, p.leftRow, right);
        f.advance(left, 16).advance(right, 4 * columnBytes);
      });
    }
    for (let k = deep; k < p.depth; k++) {
      tile.shallow(left, p.leftRow, right);
      f.advance(left, 4).advance(right, columnBytes);
    }
    f.advance(left, p.leftLine - 4 * p.depth);
  });
  tile.store(target, p.outRow, p.columns);
  return f;
}

/** Memoizes functions by the sizes of a tile, full or at an edge. */
export function tiles<Sizes extends readonly number[]>(make: (...sizes: Sizes) => Func) {
  const known = new Map<string, Func>();
  return (...sizes: Sizes): Func => {
    const key = sizes.join("×"), found = known.get(key) ?? make(...sizes);
    known.set(key, found);
    return found;
  };
}

/** Splits an axis into full tiles and the remainder. */
export const split = (size: number, tile: number): readonly [full: number, remainder: number] => [
  Math.floor(size / tile),
  size % tile,
];
