/**
 * Folding expressions run by run: rows of what is computed are combined, each with itself or with the other
 * rows, without being stored.
 *
 * @module
 */
import type { Expr } from "../../plan/expr.ts";
import { isPadded } from "../../plan/axes.ts";
import { isWithin } from "../../plan/expr.ts";
import { type Combine, combineAll, combineLanes } from "./kernels/reduce/combine.ts";
import { RunPointers } from "./run_pointers.ts";
import { commonRow } from "./run_rows.ts";
import { type Run, RunStart } from "./runs.ts";
import { RunValues } from "./run_values.ts";
import { vectorsTogether } from "./store_runs.ts";
import type { Tuple } from "../../tuple.ts";
import type { VectorMath } from "./vector_math.ts";
import { Func, type Local } from "./wasm/function.ts";

/** Rows of an expression, to be combined. */
export interface Folded {
  readonly expr: Expr;
  /** The elements of a row. */
  readonly row: number;
  readonly combine: Combine;
}

/** Whether an expression can be computed in whole rows of a length. */
export const hasRows = (e: Expr, row: number): boolean =>
  row >= 4 && commonRow([e], row) === row &&
  !isWithin(e, (part) => part.kind === "view" && isPadded(part.view));

/** The most vectors of a row that are combined without a loop, and that are combined at once in one. */
const UNROLLED = 16, TOTALS = 8;

/** Rows that are combined with a target at once. */
const ROWS = 4;

/**
 * A function (table, target, from, to) that combines each of the rows in from…to-1 with itself, and stores
 * the results one after another.
 */
export function foldEachRow(math: VectorMath, folded: Folded): Func {
  return foldRuns(math, folded, (f, writer, rows, target) => {
    const done = f.local("i32");
    f.i32(0).set(done);
    f.while(done, rows, 1, () => {
      writer.beginRows(1);
      const total = writer.foldRow();
      f.get(target, total).storeLane(0).advance(target, 4);
      writer.advanceRows(1);
    });
  });
}

/**
 * A function (table, target, from, to) that combines the rows in from…to-1, one after another, with that at
 * the target.
 */
export function foldRowsInto(math: VectorMath, folded: Folded): Func {
  return foldRuns(math, folded, (f, writer, rows, target) => {
    const left = f.local("i32");
    f.get(rows).set(left);
    for (const together of [ROWS, 1]) {
      f.block(() =>
        f.loop(() => {
          f.get(left).i32(together).op("i32.lt_u").exitIf(1);
          writer.beginRows(together);
          writer.foldInto(target, together);
          writer.advanceRows(together);
          f.advance(left, -together).exit(0);
        })
      );
    }
  });
}

/** A function that folds the rows of its runs. */
function foldRuns(
  math: VectorMath,
  folded: Folded,
  fold: (f: Func, writer: FoldWriter, rows: Local, target: Local) => void,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"], [], true), [, target, i, to] = f.inputs(4);
  const { expr, row } = folded, [count, rows, anywhere] = f.locals("i32", 3);
  const run: Run = { start: i, step: 1, rowStep: row, count, rows };
  return f.while(i, to, 0, () => {
    const start = new RunStart(f, run, row), pointers = new RunPointers(f, anywhere);
    start.begin(to);
    const values = new RunValues(f, math, { run, result: undefined, pointers });
    values.begin([expr], start);
    fold(f, new FoldWriter(f, folded, values, pointers), rows, target);
    f.get(rows).times(row).get(i).op("i32.add").set(i);
  });
}

/** Writes the folds of rows. */
class FoldWriter {
  readonly #f: Func;
  readonly #folded: Folded;
  readonly #values: RunValues;
  readonly #pointers: RunPointers;
  /** How many vectors are computed at a time. */
  readonly #together: number;

  constructor(f: Func, folded: Folded, values: RunValues, pointers: RunPointers) {
    this.#f = f;
    this.#folded = folded;
    this.#values = values;
    this.#pointers = pointers;
    this.#together = vectorsTogether([folded.expr]);
  }

  /** Begins some rows. */
  beginRows(count: number) {
    for (const pointer of this.#pointers.all) pointer.begin();
    this.#values.beginRows([this.#folded.expr], count);
  }

  /** Goes on by some rows. */
  advanceRows(count: number) {
    for (const pointer of this.#pointers.all) pointer.advanceRows(count);
  }

  /** A vector whose first lane is the combination of a row. */
  foldRow(): Local {
    const f = this.#f, { row, combine } = this.#folded, vectors = Math.floor(row / 4);
    const isLoop = vectors > UNROLLED, count = isLoop ? TOTALS : Math.min(4, vectors);
    const totals = f.locals("v128", count) as readonly Local[];
    const takeSome = (from: number, number: number, isFirst = false) => {
      for (let k = from; k < from + number;) {
        const together = Math.min(this.#together, from + number - k, count - k % count);
        this.#next(together, 0).forEach((vector, n) => {
          const total = totals[(k + n) % count]!;
          if (isFirst) f.get(vector).set(total);
          else combine.into(f, total, vector);
        });
        this.#advance(together);
        k += together;
      }
    };
    takeSome(0, count, true);
    const looped = isLoop ? vectors - vectors % count : count;
    if (looped > count) {
      const left = f.local("i32");
      f.i32(looped / count - 1).set(left);
      f.loop(() => {
        f.temporaries(() => takeSome(0, count));
        f.get(left).plus(-1).tee(left).exitIf(0);
      });
    }
    takeSome(0, vectors - looped);
    if (row % 4 > 0) {
      const vector = this.#last(row % 4);
      combine.into(f, totals[0]!, vector);
    }
    combineAll(f, combine, totals);
    combineLanes(f, combine, totals[0]!);
    return totals[0]!;
  }

  /** Combines some rows with that at the target. */
  foldInto(target: Local, rows: number) {
    const f = this.#f, { row, combine } = this.#folded, vectors = Math.floor(row / 4);
    const [at, end] = f.locals("i32", 2), together = Math.min(this.#together, 2, vectors);
    const foldSome = (count: number, lanes?: number) => {
      const totals = f.locals("v128", count) as readonly Local[];
      totals.forEach((total, k) => f.get(at).access("v128.load", 16 * k).set(total));
      for (let r = 0; r < rows; r++) {
        this.#next(count, r, lanes).forEach((vector, k) => combine.into(f, totals[k]!, vector));
      }
      totals.forEach((total, k) => storeLanes(f, at, total, 16 * k, lanes ?? 4));
      if (lanes !== undefined) return;
      this.#advance(count);
      f.advance(at, 16 * count);
    };
    f.get(target).tee(at).plus(16 * (vectors - vectors % together)).set(end);
    f.until(at, end, () => f.temporaries(() => foldSome(together)));
    for (let left = vectors % together; left > 0; left--) foldSome(1);
    if (row % 4 > 0) foldSome(1, row % 4);
  }

  #next(count: number, row: number, fixed?: number): readonly Local[] {
    const left = fixed === undefined ? undefined : { fixed };
    return this.#values.vectors([this.#folded.expr], count, row, left)[0]!;
  }

  /** The last elements of a row, in the last lanes, before them what leaves a total as it is. */
  #last(elements: number): Local {
    const f = this.#f, vector = this.#next(1, 0, elements)[0]!, last = f.local("v128");
    const lane = (k: number) =>
      k >= 4 - elements ? k - (4 - elements) : this.#folded.combine.counts ? 4 : 0;
    f.get(vector).integers(0).shuffle(...[0, 1, 2, 3].map(lane) as Tuple<number, 4>).set(last);
    return last;
  }

  #advance(vectors: number) {
    for (const pointer of this.#pointers.all) pointer.advance(4 * vectors);
    this.#values.advance();
  }
}

/** Stores the first lanes of a vector. */
function storeLanes(f: Func, at: Local, value: Local, offset: number, lanes: number) {
  if (lanes === 4) return f.get(at, value).access("v128.store", offset);
  if (lanes >= 2) f.get(at, value).storeHalf(offset);
  if (lanes !== 2) f.get(at, value).storeLane(lanes - 1, offset + 4 * (lanes - 1));
}
