/**
 * Reductions of [outer, n, inner] with inner > 1: columns in vectors, a few at a time through all rows of a
 * part.
 *
 * @module
 */
import { coordinates, pass, point, TABLE } from "../../kernel.ts";
import { Func, type Local } from "../../wasm/function.ts";
import type { Combine } from "./combine.ts";
import { CHUNK, type SplitIntoParts } from "./parts.ts";

/** Elements per part of many rows, and the most elements that are not split. */
const PART = 8192, WHOLE = 4 * PART;
/** The fewest rows in a part, and the most columns in a block. */
const MIN_ROWS = 32, MAX_COLUMNS = 2 * CHUNK;
/** The vectors that are combined at once. */
const TOTALS = 8;

/** One block of columns of a part per unit. */
export const columnParts: SplitIntoParts = (context, source, [outer, n, inner], combine) => {
  const rows = n * inner <= WHOLE ? n : Math.max(MIN_ROWS, Math.ceil(PART / inner));
  const parts = Math.ceil(n / rows), isComputed = source.slot === undefined;
  const columns = Math.min(inner, MAX_COLUMNS), blocks = Math.ceil(inner / columns);
  // Rows of the operand that are computed at once.
  const fitting = blocks > 1 ? 1 : Math.max(1, Math.floor(MAX_COLUMNS / inner));
  const together = isComputed ? Math.min(rows, fitting) : rows;
  const aligned = inner % 4 === 0;
  const isUniform = blocks === 1 && (parts === 1 || outer === 1 || n % rows === 0);
  const grain = inner * Math.min(n, rows);
  const tile = isUniform ? { size: outer * n * inner, grain } : undefined;
  context.reserve(4 * MAX_COLUMNS + 16);
  const into = blocks === 1 ? source.rows?.(inner, combine)?.into() : undefined;
  const combineRows = into ?? context.module.add(rowsFunction(combine));
  const reduceParts = (out: number) =>
    pass(outer * parts * blocks, (f, unit) => {
      const [o, part, block] = coordinates(f, unit, [outer, parts, blocks]);
      const [k, end, width, count, from, pointer, to, fresh] = f.locals("i32", 8);
      const setColumns = () => {
        f.get(block).times(-columns).plus(inner).set(width);
        f.atMost(width, columns);
      };
      const setRows = () => {
        f.get(part).times(rows).tee(k).plus(rows).set(end);
        f.atMost(end, n);
      };
      const pointToResult = () => {
        f.get(f.base(out));
        f.get(o).times(parts).get(part).op("i32.add").times(inner).get(block).times(columns);
        f.op("i32.add").times(4).op("i32.add").set(to).i32(1).set(fresh);
      };
      const pointToRows = () => {
        f.get(o).times(n).get(k).op("i32.add").times(inner).get(block).times(columns);
        f.op("i32.add").set(from);
        f.smaller(() => f.get(end, k).op("i32.sub"), () => f.i32(together)).set(count);
        point(f, source, pointer, from, () => f.get(count, width).op("i32.mul"), 0, aligned);
      };
      setColumns();
      setRows();
      pointToResult();
      if (into) {
        f.get(o).times(n).get(k).op("i32.add").times(inner).set(from);
        f.get(TABLE, to, from, from).plus(inner).call(source.range(aligned));
        f.get(TABLE, to, from).plus(inner);
        f.get(o).times(n).get(end).op("i32.add").times(inner).call(into);
        return;
      }
      f.while(k, end, together, () => {
        pointToRows();
        f.get(to, pointer, count);
        if (isComputed) f.get(width).times(4);
        else f.i32(4 * inner);
        f.get(width, fresh).call(combineRows).i32(0).set(fresh);
      });
    }, tile);
  return { parts, pass: reduceParts };
};

/**
 * A function (target, source, rows, bytes from row to row, columns, whether the first row initializes the
 * target) that combines rows with the target, a few columns at a time.
 */
export function rowsFunction(combine: Combine): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [to, from, rows, stride, columns, fresh] = f.inputs(6);
  const [end, at, last, left] = f.locals("i32", 4);
  /** Combines all rows of so many vectors of columns, and leaves the totals in locals. */
  const totals = (count: number): readonly Local[] => {
    const totals = f.locals("v128", count), vector = f.local("v128");
    const load = (pointer: Local) =>
      totals.forEach((total, k) => f.get(pointer).access("v128.load", 16 * k).set(total));
    f.get(rows, stride).op("i32.mul").get(from).op("i32.add").set(last).get(from).set(at);
    f.block(() => {
      f.block(() => {
        f.get(fresh).exitIf(0);
        load(to);
        f.exit(1);
      });
      load(from);
      f.get(at, stride).op("i32.add").set(at);
    });
    f.block(() =>
      f.loop(() => {
        f.get(at, last).op("i32.eq").exitIf(1);
        totals.forEach((total, k) => {
          f.get(at).access("v128.load", 16 * k).set(vector);
          combine.into(f, total, vector);
        });
        f.get(at, stride).op("i32.add").set(at).exit(0);
      })
    );
    return totals;
  };
  f.get(to, columns).times(4).op("i32.add").set(end);
  for (const count of [TOTALS, 1]) {
    const bytes = 16 * count;
    f.block(() =>
      f.loop(() => {
        f.get(end, to).op("i32.sub").i32(bytes).op("i32.lt_u").exitIf(1);
        totals(count).forEach((total, k) => f.get(to, total).access("v128.store", 16 * k));
        f.advance(to, bytes).advance(from, bytes).exit(0);
      })
    );
  }
  f.get(end, to).op("i32.sub").tee(left).when(() => {
    const [total] = totals(1) as [Local];
    for (let lane = 0; lane < 3; lane++) {
      f.get(left).i32(4 * lane).op("i32.gt_u").when(() =>
        f.get(to, total).storeLane(lane, 4 * lane)
      );
    }
  });
  return f;
}
