/**
 * Storing expressions run by run: whole rows, or two vectors at a time, then one, then what is left.
 *
 * @module
 */
import { type Expr, visitExpr } from "../../plan/expr.ts";
import { type NativeCalls, NativeRuns } from "./native_runs.ts";
import { type Pointer, RunPointers } from "./run_pointers.ts";
import { commonRow } from "./run_rows.ts";
import { type Run, RunStart } from "./runs.ts";
import { type Result, RunValues } from "./run_values.ts";
import type { Known } from "../../tuple.ts";
import type { VectorMath } from "./vector_math.ts";
import type { Func, Local } from "./wasm/function.ts";

/** Where a run's results are stored, and where its kernel's result is. */
export interface Places {
  /** A pointer for each expression. */
  readonly targets: Known<Pointer>;
  readonly result?: Result | undefined;
}

/** A range of indices, and what is stored at each. */
export interface StoredRange {
  readonly i: Local;
  readonly to: Local;
  readonly exprs: Known<Expr>;
  /** The distances, in bytes, from each expression's pointer to where it is stored. */
  readonly offsets: Known<number>;
  /** Elements of a row of what is stored, if there are several. */
  readonly inner: number | undefined;
  /** Whether `i` and `to` are multiples of 4. */
  readonly aligned: boolean;
  /** Sets pointers to where a run is stored; a row, if there are any, has so many elements. */
  place(start: RunStart, pointers: RunPointers, row: number | undefined): Places;
}

/** The most instructions, about, that are written without a loop, and of which two vectors are computed. */
const MOST_UNROLLED = 400, MOST_PAIRED = 400;

/** The instructions of which four vectors are computed at a time, so that the loop costs little beside. */
const LIGHT = 12;

/** The elements of a run, if it is no rows, from which on calling machine code pays. */
const LEAST_NATIVE = 32;

/** Stores expressions at indices i…to-1. */
export function storeRuns(
  f: Func,
  math: VectorMath,
  range: StoredRange,
  native?: NativeCalls,
): Func {
  const { i, to, exprs, inner } = range, row = commonRow(exprs, inner);
  const [count, rows, anywhere] = f.locals("i32", 3);
  const run: Run = { start: i, step: 1, rowStep: row ?? 0, count, rows };
  return f.while(i, to, 0, () => {
    const start = new RunStart(f, run, row), pointers = new RunPointers(f, anywhere);
    start.begin(to);
    const { targets, result } = range.place(start, pointers, row);
    const values = new RunValues(f, math, { run, result, pointers });
    f.get(targets[0].row).plus(range.offsets[0]).set(anywhere);
    values.begin(exprs, start);
    const stores = { exprs, targets, offsets: range.offsets }, inRows = row !== undefined;
    const code = native && start.length >= LEAST_NATIVE &&
      NativeRuns.of(f, native, stores, values, pointers, inRows);
    if (code) {
      if (row === undefined) code.store(() => f.get(count), () => f.i32(1));
      else {
        code.store(() => f.get(count), () => f.get(rows).i32(1).get(rows).op("select"));
        f.get(rows).when(() => f.get(rows).times(row).set(count));
      }
      f.get(i, count).op("i32.add").set(i);
      return;
    }
    const isRagged = !range.aligned || start.isRagged;
    const writer = new RunWriter(f, { ...range, targets }, values, pointers, isRagged);
    if (row === undefined) {
      writer.storePart(count, true);
      f.get(i, count).op("i32.add").set(i);
      return;
    }
    f.block(() => {
      f.get(rows).when(() => {
        writer.storeRows(row, rows);
        f.get(rows).times(row).get(i).op("i32.add").set(i).exit(1);
      });
      writer.storePart(count, false);
      f.get(i, count).op("i32.add").set(i);
    });
  });
}

/** Writes the stores of a run. */
class RunWriter {
  readonly #f: Func;
  readonly #exprs: readonly Expr[];
  readonly #targets: Known<Pointer>;
  readonly #offsets: readonly number[];
  readonly #values: RunValues;
  readonly #pointers: RunPointers;
  readonly #isRagged: boolean;
  /** About how many instructions the expressions are. */
  readonly weight: number;

  constructor(
    f: Func,
    { exprs, targets, offsets }: Pick<StoredRange, "exprs" | "offsets"> & Places,
    values: RunValues,
    pointers: RunPointers,
    isRagged: boolean,
  ) {
    this.#f = f;
    this.#exprs = exprs;
    this.#targets = targets;
    this.#offsets = offsets;
    this.#values = values;
    this.#pointers = pointers;
    this.#isRagged = isRagged;
    this.weight = weigh(exprs);
  }

  /** Stores `count` elements of a row. */
  storePart(count: Local, inPairs: boolean) {
    const f = this.#f, [leader] = this.#targets, [end, left] = f.locals("i32", 2);
    const setEnd = (multiple: number) => {
      f.get(leader.row, count);
      if (multiple > 1) f.i32(-multiple).op("i32.and");
      f.times(4).op("i32.add").set(end);
    };
    this.#beginRows(1);
    if (inPairs) {
      const together = this.#together();
      setEnd(4 * together);
      f.while(leader.at, end, 0, () => this.#storeVectors(together));
    }
    setEnd(1);
    f.while(leader.at, end, 0, () => {
      if (!this.#isRagged) return this.#storeVectors(1);
      f.get(end, leader.at).op("i32.sub").i32(2).op("i32.shr_u").set(left);
      this.#values.vectors(this.#exprs, 1, 0, left).forEach(([value], e) =>
        this.#storeLanes(e, value!, left)
      );
      this.#advance(1);
    });
  }

  /** Stores `rows` rows of `length` elements. */
  storeRows(length: number, rows: Local) {
    const f = this.#f, left = f.local("i32");
    f.get(rows).set(left);
    for (const together of this.#groups(length)) {
      f.block(() =>
        f.loop(() => {
          f.get(left).i32(together).op("i32.lt_u").exitIf(1);
          this.#beginRows(together);
          if (together > 1) this.#storeSquares(length, together);
          else this.#storeRow(length);
          for (const pointer of this.#pointers.all) pointer.advanceRows(together);
          f.advance(left, -together).exit(0);
        })
      );
    }
  }

  /** How many rows to compute together: as many as make the lines of what is read transposed, then fewer. */
  #groups(length: number): number[] {
    const pointers = this.#pointers.all;
    const isTransposed = length >= 4 && pointers.every((pointer) => pointer.isFixed) &&
      pointers.some((pointer) => pointer.isTransposed);
    if (!isTransposed) return [1];
    return [16, 4].filter((rows) => rows * this.weight <= MOST_UNROLLED).concat(1);
  }

  /** Stores a row of known length. */
  #storeRow(length: number) {
    const f = this.#f, [leader] = this.#targets, vectors = Math.floor(length / 4);
    const isUnrolled = vectors * this.weight <= MOST_UNROLLED && vectors <= MOST_VECTORS;
    const together = isUnrolled ? vectors : this.#together();
    const looped = together > 0 ? vectors - vectors % together : 0;
    if (looped > together) {
      const end = f.local("i32");
      f.get(leader.at).plus(16 * looped).set(end);
      f.until(leader.at, end, () => this.#storeVectors(together));
    } else if (looped > 0) this.#storeVectors(together);
    for (let left = vectors - looped; left > 0; left--) this.#storeVectors(1);
    this.#storeRest(length, [0]);
  }

  /** Stores rows of known length in squares of four rows and columns. */
  #storeSquares(length: number, rows: number) {
    const f = this.#f, [leader] = this.#targets, end = f.local("i32");
    const firsts = Array.from({ length: rows / 4 }, (_, k) => 4 * k);
    const each = firsts.map((row) => [row, row + 1, row + 2, row + 3]);
    f.get(leader.at).plus(4 * (length - length % 4)).set(end);
    f.until(leader.at, end, () => {
      for (const four of each) {
        const values = four.map((row) => this.#values.vectors(this.#exprs, 1, row));
        values.forEach((each, k) => each.forEach(([v], e) => this.#store(e, v!, 0, four[k]!)));
      }
      this.#advance(1);
    });
    for (const four of each) this.#storeRest(length, four);
  }

  /** Stores the elements of rows beyond their last whole vector. */
  #storeRest(length: number, rows: readonly number[]) {
    const fixed = length % 4, f = this.#f;
    if (fixed === 0) return;
    const values = rows.map((row) => this.#values.vectors(this.#exprs, 1, row, { fixed }));
    values.forEach((each, k) =>
      each.forEach(([value], e) => {
        const target = this.#targets[e]!, offset = this.#offsets[e]! + target.offset(rows[k]!, 0);
        if (fixed >= 2) f.get(target.at, value!).storeHalf(offset);
        if (fixed !== 2) f.get(target.at, value!).storeLane(fixed - 1, offset + 4 * (fixed - 1));
      })
    );
  }

  /** How many vectors an iteration computes. */
  #together(): number {
    return vectorsTogether(this.#exprs);
  }

  #beginRows(count: number) {
    for (const pointer of this.#pointers.all) pointer.begin();
    this.#values.beginRows(this.#exprs, count);
  }

  /** Stores some vectors of a row, and goes on. */
  #storeVectors(count: number) {
    this.#f.temporaries(() => {
      const values = this.#values.vectors(this.#exprs, count, 0);
      values.forEach((each, e) => each.forEach((value, n) => this.#store(e, value, n, 0)));
    });
    this.#advance(count);
  }

  #advance(vectors: number) {
    for (const pointer of this.#pointers.all) pointer.advance(4 * vectors);
    this.#values.advance();
  }

  #store(e: number, value: Local, number: number, row: number) {
    const target = this.#targets[e]!;
    this.#f.get(target.at, value).access(
      "v128.store",
      this.#offsets[e]! + target.offset(row, number),
    );
  }

  /** Stores the first `left` lanes of a vector, or all four. */
  #storeLanes(e: number, value: Local, left: Local) {
    const f = this.#f, { at } = this.#targets[e]!, offset = this.#offsets[e]!;
    const lanes = f.local("v128");
    f.block(() => {
      f.get(left).i32(4).op("i32.ge_u").when(() => {
        f.get(at, value).access("v128.store", offset).exit(1);
      });
      f.get(value).set(lanes).get(left).i32(2).op("i32.and").when(() => {
        f.get(at, value).storeHalf(offset).get(value, value).shuffle(2, 3, 2, 3).set(lanes);
      });
      f.get(left).i32(1).op("i32.and").when(() => {
        f.get(left).i32(2).op("i32.and").times(4).get(at).op("i32.add").get(lanes);
        f.storeLane(0, offset);
      });
    });
  }
}

/** The most vectors of a row that are written without a loop. */
const MOST_VECTORS = 8;

/** How many vectors of expressions are computed at a time. */
export function vectorsTogether(exprs: readonly Expr[]): number {
  const weight = weigh(exprs);
  if (weight <= LIGHT) return 4;
  return weight <= MOST_PAIRED ? 2 : 1;
}

/** About how many instructions expressions are. */
export function weigh(exprs: readonly Expr[]): number {
  let weight = 0;
  const seen = new Set<Expr>();
  for (const e of exprs) {
    visitExpr(e, (each) => weight += each.kind === "map" ? WEIGHTS[each.op.name] ?? 1 : 1, seen);
  }
  return weight;
}

/** The instructions of ops that are more than a few. */
const WEIGHTS: Readonly<Record<string, number>> = {
  exp: 20,
  log: 32,
  tanh: 30,
  sigmoid: 25,
  erf: 25,
  pow: 80,
  threefry: 150,
  remainder: 100,
};
