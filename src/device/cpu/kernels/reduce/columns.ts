/**
 * Reductions of [outer, n, inner] with inner > 1: rows are combined one after another, in blocks of
 * columns.
 *
 * @module
 */
import { coordinates, pass, point } from "../../kernel.ts";
import { Func, type Local } from "../../wasm/function.ts";
import { CHUNK, type Combine, PART, type SplitIntoParts } from "./parts.ts";

/** The fewest rows in a part, and the most columns in a block. */
const MIN_ROWS = 32, MAX_COLUMNS = 2 * CHUNK;

/** One block of columns of a part per unit. */
export const columnParts: SplitIntoParts = (context, source, [outer, n, inner], combine) => {
  const rows = Math.max(MIN_ROWS, Math.ceil(PART / inner)), parts = Math.ceil(n / rows);
  const columns = Math.min(inner, MAX_COLUMNS), blocks = Math.ceil(inner / columns);
  // Rows of the operand that are computed at once.
  const together = blocks > 1 ? 1 : Math.max(1, Math.floor(MAX_COLUMNS / inner));
  const aligned = inner % 4 === 0;
  const isUniform = blocks === 1 && (parts === 1 || outer === 1 || n % rows === 0);
  const grain = inner * Math.min(n, rows);
  const tile = isUniform ? { size: outer * n * inner, grain } : undefined;
  context.reserve(4 * MAX_COLUMNS);
  const combineRow = context.module.add(rowFunction(combine));
  const reduceParts = (out: number) =>
    pass(outer * parts * blocks, (f, unit) => {
      const [o, part, block] = coordinates(f, unit, [outer, parts, blocks]);
      const [k, end, width, count, from, pointer, last, to, fresh] = f.locals("i32", 9);
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
        f.smaller(() => f.get(end, k).op("i32.sub"), () => f.i32(together));
        f.get(width).op("i32.mul").set(count);
        point(f, source, pointer, from, () => f.get(count), 0, aligned);
      };
      /** The first row of a part initializes its result; others are combined with it. */
      const takeRow = () => {
        f.block(() => {
          f.get(fresh).when(() => {
            f.get(to, pointer, width).times(4).op("memory.copy").i32(0).set(fresh).exit(1);
          });
          f.get(to, pointer, width).call(combineRow);
        });
      };
      setColumns();
      setRows();
      pointToResult();
      f.while(k, end, together, () => {
        pointToRows();
        f.get(pointer, count).times(4).op("i32.add").set(last);
        f.until(pointer, last, () => {
          takeRow();
          f.get(pointer, width).times(4).op("i32.add").set(pointer);
        });
      });
    }, tile);
  return { parts, pass: reduceParts };
};

/** A function (target, source, count) that combines a row with another. */
export function rowFunction({ op }: Combine): Func {
  const f = new Func(["i32", "i32", "i32"]), [to, from, count] = f.inputs(3);
  const end: Local = f.local("i32");
  const combine = (step: 4 | 1) => {
    f.get(to).get(to).access(step === 4 ? "v128.load" : "v128.load32_splat");
    f.get(from).access(step === 4 ? "v128.load" : "v128.load32_splat").op(op);
    if (step === 4) f.access("v128.store");
    else f.storeLane(0);
    f.advance(from, 4 * step);
  };
  f.get(to, count).i32(-4).op("i32.and").times(4).op("i32.add").set(end);
  f.while(to, end, 16, () => combine(4));
  f.get(to, count).i32(3).op("i32.and").times(4).op("i32.add").set(end);
  return f.while(to, end, 4, () => combine(1));
}
