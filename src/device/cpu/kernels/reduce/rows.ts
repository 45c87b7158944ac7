/**
 * Reductions of [outer, n, 1]: contiguous elements into vectors, these into one, and its lanes into one
 * element. The order depends only on n.
 *
 * @module
 */
import type { Known } from "../../../../tuple.ts";
import {
  coordinates,
  type KernelOperand,
  pass,
  passOverRange,
  point,
  type RowFolds,
  TABLE,
} from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { type Combine, combineAll, combineLanes, combineLanesOfFour } from "./combine.ts";
import { CHUNK, type SplitIntoParts } from "./parts.ts";

/** Elements per part of a long row. */
const PART = 16384;
/** The most vectors of a row that are read without a loop, and that are combined at once in one. */
const UNROLLED = 16, TOTALS = 8;

/** Several rows, or one part of a long row, per unit. */
export const rowParts: SplitIntoParts = (context, source, [outer, n], combine) => {
  context.reserve(4 * CHUNK + 16);
  return n <= CHUNK
    ? shortRows(source, [outer, n], combine)
    : longRows(source, [outer, n], combine);
};

type Rows = readonly [outer: number, n: number];

function shortRows(source: KernelOperand, [outer, n]: Rows, combine: Combine) {
  const folds = n > 4 * UNROLLED ? source.rows?.(n, combine) : undefined;
  if (folds) return computedRows(folds, [outer, n]);
  const together = Math.max(1, Math.floor(CHUNK / n)), isComputed = source.slot === undefined;
  const reduceRows = (out: number) =>
    passOverRange(outer, (f, row, end) => {
      const [last, from, pointer, to, lastTo] = f.locals("i32", 5);
      const reduceSome = (rows: 1 | 4) => {
        const totals = Array.from({ length: rows }, (_, k) => rowTotal(f, combine, pointer, n, k));
        if (rows === 4) combineLanesOfFour(f, combine, totals);
        else combineLanes(f, combine, totals[0]!);
        f.get(to, totals[0]!);
        if (rows === 4) f.access("v128.store");
        else f.storeLane(0);
        f.advance(pointer, 4 * n * rows).advance(to, 4 * rows);
      };
      f.while(row, end, 0, () => {
        f.get(end).set(last);
        if (isComputed) f.smaller(() => f.get(row).plus(together), () => f.get(end)).set(last);
        f.get(row).times(n).set(from);
        const count = () => f.get(last, row).op("i32.sub").times(n);
        point(f, source, pointer, from, count, 0, n % 4 === 0);
        f.get(f.base(out), row).times(4).op("i32.add").set(to);
        f.get(f.base(out), last).times(4).op("i32.add").set(lastTo);
        if (n <= 4 * UNROLLED) {
          f.block(() =>
            f.loop(() => {
              f.get(lastTo, to).op("i32.sub").i32(16).op("i32.lt_u").exitIf(1);
              reduceSome(4);
              f.exit(0);
            })
          );
        }
        f.while(to, lastTo, 0, () => reduceSome(1));
        f.get(last).set(row);
      });
    }, { size: outer * n, grain: n });
  return { parts: 1, pass: reduceRows };
}

/** Rows that are combined while they are computed. */
function computedRows(folds: RowFolds, [outer, n]: Rows) {
  const fold = folds.each();
  const reduceRows = (out: number) =>
    passOverRange(outer, (f, row, end) => {
      f.get(TABLE, f.base(out), row).times(4).op("i32.add");
      f.get(row).times(n).get(end).times(n).call(fold);
    }, { size: outer * n, grain: n });
  return { parts: 1, pass: reduceRows };
}

/** A vector with the combined elements of the `number`-th row of `n` elements from a pointer on. */
function rowTotal(f: Func, combine: Combine, pointer: Local, n: number, number: number): Local {
  const vectors = Math.floor(n / 4), start = 4 * n * number;
  if (vectors === 0) return fewElements(f, combine, pointer, n, start);
  const isLoop = vectors > UNROLLED, count = isLoop ? TOTALS : Math.min(4, vectors);
  const totals = f.locals("v128", count), vector = f.local("v128");
  totals.forEach((total, k) => f.get(pointer).access("v128.load", start + 16 * k).set(total));
  const take = (from: Local, offset: number, k: number) => {
    f.get(from).access("v128.load", offset).set(vector);
    combine.into(f, totals[k]!, vector);
  };
  if (isLoop) {
    const [at, end] = f.locals("i32", 2);
    f.get(pointer).plus(16 * count).set(at);
    f.get(pointer).plus(16 * (vectors - vectors % count)).set(end);
    f.while(at, end, 16 * count, () => totals.forEach((_, k) => take(at, 16 * k, k)));
  }
  for (let k = isLoop ? vectors - vectors % count : count; k < vectors; k++) {
    take(pointer, start + 16 * k, k % count);
  }
  if (n % 4 > 0) {
    // The last four elements; those that were taken before are left out of sums.
    f.get(pointer).access("v128.load", start + 4 * (n - 4));
    if (combine.counts) f.vector(...lanesFrom(4 - n % 4)).op("v128.and");
    f.set(vector);
    combine.into(f, totals[0]!, vector);
  }
  combineAll(f, combine, totals);
  return totals[0]!;
}

/** Ones in the lanes from one on. */
const lanesFrom = (first: number) =>
  [0, 1, 2, 3].map((lane) => lane < first ? 0 : 0xffffffff) as unknown as [
    number,
    number,
    number,
    number,
  ];

/** A vector with fewer than four elements, and what leaves a total as it is. */
function fewElements(
  f: Func,
  { counts }: Combine,
  pointer: Local,
  n: number,
  start: number,
): Local {
  const total = f.local("v128");
  f.get(pointer).access(counts ? "v128.load32_zero" : "v128.load32_splat", start).set(total);
  for (let k = 1; k < n; k++) f.get(pointer, total).loadLane(k, start + 4 * k).set(total);
  return total;
}

function longRows(source: KernelOperand, [outer, n]: Rows, combine: Combine) {
  const parts = Math.ceil(n / PART), aligned = n % 4 === 0;
  const reduceParts = (out: number) =>
    pass(outer * parts, (f, unit) => {
      const [row, part] = coordinates(f, unit, [outer, parts]);
      const [from, end, count, pointer] = f.locals("i32", 4), totals = f.locals("v128", TOTALS);
      const setRange = () => {
        f.get(row).times(n).get(part).times(PART).op("i32.add").tee(from);
        const left = () => f.get(row).plus(1).times(n).get(from).op("i32.sub");
        f.smaller(() => f.i32(PART), left).op("i32.add").set(end);
      };
      const setChunk = () => {
        f.smaller(() => f.get(end, from).op("i32.sub"), () => f.i32(CHUNK)).set(count);
        point(f, source, pointer, from, () => f.get(count), 0, aligned);
      };
      const start = () => {
        for (const total of totals) {
          if (combine.counts) f.integers(0).set(total);
          else f.get(pointer).access("v128.load32_splat").set(total);
        }
      };
      setRange();
      setChunk();
      start();
      f.loop(() => {
        takeElements(f, combine, totals, pointer, count);
        f.get(from).plus(CHUNK).tee(from).get(end).op("i32.lt_u").when(() => {
          setChunk();
          f.exit(1);
        });
      });
      combineAll(f, combine, totals);
      combineLanes(f, combine, totals[0]!);
      f.get(f.base(out), unit).times(4).op("i32.add").get(totals[0]!).storeLane(0);
    }, parts === 1 ? { size: outer * n, grain: n } : undefined);
  return { parts, pass: reduceParts };
}

/** Combines `count` contiguous elements with totals: a vector with each, then one by one with the first. */
function takeElements(
  f: Func,
  combine: Combine,
  totals: readonly Local[],
  pointer: Local,
  count: Local,
) {
  const vector = f.local("v128"), last = f.local("i32"), [first] = totals as Known<Local>;
  const upTo = (elements: number) =>
    f.get(pointer, count).i32(-elements).op("i32.and").times(4).op("i32.add").set(last);
  const tail = f.local("i32");
  f.get(pointer, count).times(4).op("i32.add").set(tail);
  upTo(4 * TOTALS);
  f.while(pointer, last, 16 * TOTALS, () =>
    totals.forEach((total, k) => {
      f.get(pointer).access("v128.load", 16 * k).set(vector);
      combine.into(f, total, vector);
    }));
  f.get(tail, pointer).op("i32.sub").i32(-16).op("i32.and").get(pointer).op("i32.add").set(last);
  f.while(pointer, last, 16, () => {
    f.get(pointer).access("v128.load").set(vector);
    combine.into(f, first, vector);
  });
  f.while(pointer, tail, 4, () => {
    f.get(pointer).access(combine.counts ? "v128.load32_zero" : "v128.load32_splat").set(vector);
    combine.into(f, first, vector);
  });
}
