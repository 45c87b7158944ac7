/**
 * Reductions of [outer, n, 1]: contiguous elements into four lanes, then the lanes into one.
 *
 * @module
 */
import { coordinates, pass, point } from "../../kernel.ts";
import type { Func, Local } from "../../wasm/function.ts";
import { CHUNK, type Combine, PART, type SplitIntoParts } from "./parts.ts";

/** One part of a row per unit. */
export const rowParts: SplitIntoParts = (context, source, [outer, n], combine) => {
  const parts = Math.ceil(n / PART), aligned = n % 4 === 0;
  context.reserve(4 * CHUNK);
  const reduceParts = (out: number) =>
    pass(outer * parts, (f, unit) => {
      const [row, part] = coordinates(f, unit, [outer, parts]);
      const [from, end, count, pointer, last] = f.locals("i32", 5);
      const [total, run] = f.locals("v128", 2);
      const setRange = () => {
        f.get(row).times(n).get(part).times(PART).op("i32.add").tee(from);
        const left = () => f.get(row).plus(1).times(n).get(from).op("i32.sub");
        f.smaller(() => f.i32(PART), left).op("i32.add").set(end);
      };
      const start = () => {
        if (combine.startsAtZero) f.integers(0).set(total);
        else {
          point(f, source, pointer, from, () => f.i32(1), 0, false);
          f.get(pointer).access("v128.load32_splat").set(total);
        }
      };
      const reduceChunk = () => {
        f.smaller(() => f.get(end, from).op("i32.sub"), () => f.i32(CHUNK)).set(count);
        point(f, source, pointer, from, () => f.get(count), 0, aligned);
        if (combine.startsAtZero) f.integers(0).set(run);
        else f.get(total).set(run);
        combineNeighbors(f, combine, { pointer, count, last, run }, aligned);
        f.get(total, run).op(combine.op).set(total);
      };
      setRange();
      start();
      f.while(from, end, CHUNK, reduceChunk);
      f.get(f.base(out), unit).times(4).op("i32.add");
      combineLanes(f, combine, total);
      f.storeLane(0);
    }, parts === 1 ? { size: outer * n, grain: n } : undefined);
  return { parts, pass: reduceParts };
};

/** Combines `count` contiguous elements at `pointer` with `run`, four at a time and then one by one. */
function combineNeighbors(
  f: Func,
  { op, startsAtZero }: Combine,
  { pointer, count, last, run }: Readonly<Record<"pointer" | "count" | "last" | "run", Local>>,
  aligned: boolean,
) {
  f.get(pointer, count).i32(-4).op("i32.and").times(4).op("i32.add").set(last);
  f.while(pointer, last, 16, () => {
    f.get(run, pointer).access("v128.load").op(op).set(run);
  });
  if (aligned) return;
  f.get(pointer, count).i32(3).op("i32.and").times(4).op("i32.add").set(last);
  f.while(pointer, last, 4, () => {
    f.get(run, pointer).access(startsAtZero ? "v128.load32_zero" : "v128.load32_splat");
    f.op(op).set(run);
  });
}

/** Pushes the four lanes of a vector combined into one. */
function combineLanes(f: Func, { op }: Combine, total: Local) {
  f.spread(total, 0).spread(total, 1).op(op).spread(total, 2).spread(total, 3).op(op).op(op);
}
