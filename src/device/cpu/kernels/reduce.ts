/**
 * Reductions over the middle axis of [outer, n, inner], in an order that depends on the sizes alone:
 * long axes in parts, then over the parts.
 *
 * @module
 */
import type { DType } from "../../../host_data.ts";
import { Func, type Local } from "../wasm/function.ts";
import {
  coordinates,
  type Kernel,
  kernel,
  type KernelContext,
  type Lower,
  type Operand,
  type Pass,
  pass,
  point,
} from "../kernel.ts";
import type { PlainName } from "../wasm/opcodes.ts";

/** Elements of a part of a long axis. */
const PART = 16384;
/** Elements that are computed before they are added up. */
const CHUNK = 2048;
/** The fewest rows in a part. */
const MIN_ROWS = 32;

type Sizes = readonly [outer: number, n: number, inner: number];

/** How two vectors become one. */
interface Combine {
  readonly op: PlainName;
  /** Whether a sum, which starts from zero; a maximum starts from the first element. */
  readonly adds: boolean;
}

/** Passes that reduce `source` into `out`. */
type Reduce = (c: KernelContext, source: Operand, sizes: Sizes, out: number, by: Combine) => Pass[];

const inSlot = (slot: number): Operand => ({
  slot,
  range: () => {
    throw new Error("cpu: expected an operand that is computed, found one in memory");
  },
});

/** Reduces `parts` partial results a row further, if there are several. */
function join(
  parts: number,
  first: (out: number) => Pass,
  [outer, , inner]: Sizes,
  reduce: Reduce,
) {
  return (context: KernelContext, out: number, by: Combine): Pass[] => {
    if (parts === 1) return [first(out)];
    const partial = context.scratch(outer * parts * inner);
    const rest = reduce(context, inSlot(partial), [outer, parts, inner], out, by);
    return [first(partial), ...rest];
  };
}

/** Neighbours: four running results, then one. */
const reduceRows: Reduce = (context, source, sizes, out, by) => {
  const [outer, n] = sizes, parts = Math.ceil(n / PART), aligned = n % 4 === 0;
  context.reserve(4 * CHUNK);
  const first = (target: number) =>
    pass(outer * parts, (f, unit) => {
      const [row, part] = coordinates(f, unit, [outer, parts]);
      const [from, end, count, pointer, last] = f.locals("i32", 5);
      const [total, run] = f.locals("v128", 2);
      f.get(row).times(n).get(part).times(PART).op("i32.add").tee(from);
      f.i32(PART).get(row).plus(1).times(n).get(from).op("i32.sub");
      f.i32(PART).get(row).plus(1).times(n).get(from).op("i32.sub").op("i32.lt_u", "select");
      f.op("i32.add").set(end);
      if (by.adds) f.integers(0).set(total);
      else {
        point(f, source, pointer, from, () => f.i32(1), 0, false);
        f.get(pointer).access("v128.load32_splat").set(total);
      }
      f.while(from, end, CHUNK, () => {
        f.get(end, from).op("i32.sub").i32(CHUNK);
        f.get(end, from).op("i32.sub").i32(CHUNK).op("i32.lt_u", "select").set(count);
        point(f, source, pointer, from, () => f.get(count), 0, aligned);
        if (by.adds) f.integers(0).set(run);
        else f.get(total).set(run);
        f.get(pointer, count).i32(-4).op("i32.and").times(4).op("i32.add").set(last);
        f.while(pointer, last, 16, () => {
          f.get(run, pointer).access("v128.load").op(by.op).set(run);
        });
        if (!aligned) {
          f.get(pointer, count).i32(3).op("i32.and").times(4).op("i32.add").set(last);
          f.while(pointer, last, 4, () => {
            f.get(run, pointer).access(by.adds ? "v128.load32_zero" : "v128.load32_splat");
            f.op(by.op).set(run);
          });
        }
        f.get(total, run).op(by.op).set(total);
      });
      f.get(f.base(target), unit).times(4).op("i32.add");
      f.spread(total, 0).spread(total, 1).op(by.op).spread(total, 2).spread(total, 3).op(by.op);
      f.op(by.op).storeLane(0);
    });
  return join(parts, first, sizes, reduceRows)(context, out, by);
};

/** A function (target, source, count) that combines a row into another. */
function combineRow({ op }: Combine): Func {
  const f = new Func(["i32", "i32", "i32"]), [to, from, count] = f.inputs(3);
  const end = f.local("i32");
  const part = (step: 4 | 1) => {
    f.get(to).get(to).access(step === 4 ? "v128.load" : "v128.load32_splat");
    f.get(from).access(step === 4 ? "v128.load" : "v128.load32_splat").op(op);
    if (step === 4) f.access("v128.store");
    else f.storeLane(0);
    f.advance(from, 4 * step);
  };
  f.get(to, count).i32(-4).op("i32.and").times(4).op("i32.add").set(end);
  f.while(to, end, 16, () => part(4));
  f.get(to, count).i32(3).op("i32.and").times(4).op("i32.add").set(end);
  return f.while(to, end, 4, () => part(1));
}

/** Rows added up, in blocks of columns. */
const reduceColumns: Reduce = (context, source, sizes, out, by) => {
  const [outer, n, inner] = sizes;
  const rows = Math.max(MIN_ROWS, Math.ceil(PART / inner)), parts = Math.ceil(n / rows);
  const wide = Math.min(inner, 2 * CHUNK), blocks = Math.ceil(inner / wide);
  const together = blocks > 1 ? 1 : Math.max(1, Math.floor(2 * CHUNK / inner));
  const aligned = inner % 4 === 0;
  context.reserve(8 * CHUNK);
  const row = context.module.add(combineRow(by));
  const first = (target: number) =>
    pass(outer * parts * blocks, (f, unit) => {
      const [o, part, block] = coordinates(f, unit, [outer, parts, blocks]);
      const [k, end, width, count, from, pointer, last, to, fresh] = f.locals("i32", 9);
      const smaller = (a: () => void, b: () => void) => {
        a();
        b();
        a();
        b();
        f.op("i32.lt_u", "select");
      };
      f.get(block).times(-wide).plus(inner).set(width);
      smaller(() => f.get(width), () => f.i32(wide));
      f.set(width);
      f.get(part).times(rows).tee(k).plus(rows).set(end);
      smaller(() => f.get(end), () => f.i32(n));
      f.set(end).get(f.base(target));
      f.get(o).times(parts).get(part).op("i32.add").times(inner).get(block).times(wide);
      f.op("i32.add").times(4).op("i32.add").set(to).i32(1).set(fresh);
      f.while(k, end, together, () => {
        f.get(o).times(n).get(k).op("i32.add").times(inner).get(block).times(wide);
        f.op("i32.add").set(from);
        smaller(() => f.get(end, k).op("i32.sub"), () => f.i32(together));
        f.get(width).op("i32.mul").set(count);
        point(f, source, pointer, from, () => f.get(count), 0, aligned);
        f.get(pointer, count).times(4).op("i32.add").set(last);
        f.until(pointer, last, () => {
          f.block(() => {
            f.get(fresh).when(() => {
              f.get(to, pointer, width).times(4).op("memory.copy").i32(0).set(fresh).exit(1);
            });
            f.get(to, pointer, width).call(row);
          });
          f.get(pointer, width).times(4).op("i32.add").set(pointer);
        });
      });
    });
  return join(parts, first, sizes, reduceColumns)(context, out, by);
};

const reduce = (ops: Readonly<Record<DType, PlainName>>, adds: boolean): Lower => (context) => {
  const [outer, n, inner] = context.args[0].shape;
  const kind = inner === 1 ? reduceRows : reduceColumns;
  const by = { op: ops[context.args[0].dtype], adds };
  const passes = kind(context, context.operands[0], [outer, n, inner], context.out, by);
  return { passes, unfinished: true };
};

/** Sums. */
export const sum: Kernel = kernel(
  ["any"],
  reduce({ f32: "f32x4.add", i32: "i32x4.add", u32: "i32x4.add" }, true),
);

/** Maxima; NaN where one is. */
export const max: Kernel = kernel(
  ["any"],
  reduce(
    { f32: "f32x4.max", i32: "i32x4.max_s", u32: "i32x4.max_u" },
    false,
  ),
);

/** Whether an element beats the best so far; of floats the first NaN beats everything. */
function beats(f: Func, each: Local, best: Local, dtype: DType) {
  if (dtype === "f32") {
    f.get(each, best).op("f32.le", "i32.eqz").get(best, best).op("f32.eq", "i32.and");
  } else f.get(each, best).op(dtype === "i32" ? "i32.gt_s" : "i32.gt_u");
}

/** As {@linkcode beats}, as masks of lanes. */
function beatsByLane(f: Func, each: Local, best: Local, dtype: DType) {
  if (dtype === "f32") {
    f.get(best, best).op("f32x4.eq").get(each, best).op("f32x4.le", "v128.andnot");
  } else f.get(best, each).op(dtype === "i32" ? "i32x4.lt_s" : "i32x4.lt_u");
}

/** Sets `pointer` to an element of a slot. */
function pointTo(f: Func, pointer: Local, slot: number, at: () => void) {
  f.get(f.base(slot));
  at();
  f.times(4).op("i32.add").set(pointer);
}

/** Indices of maxima of neighbours, a row a unit. */
const argMaxOfRow = (slot: number, n: number, inner: number, dtype: DType, out: number) =>
(
  f: Func,
  unit: Local,
  o: Local,
  i: Local,
) => {
  const value = dtype === "f32" ? "f32" : "i32", load = `${value}.load` as const;
  const [k, pointer, index] = f.locals("i32", 3), [best, each] = f.locals(value, 2);
  pointTo(f, pointer, slot, () => f.get(o).times(n * inner).get(i).op("i32.add"));
  f.get(pointer).access(load).set(best).i32(0).set(index);
  f.count(k, n, () => {
    f.get(pointer).access(load).set(each);
    beats(f, each, best, dtype);
    f.when(() => {
      f.get(each).set(best).get(k).set(index);
    });
    f.advance(pointer, 4 * inner);
  });
  f.get(f.base(out), unit).times(4).op("i32.add").get(index).access("i32.store");
};

/** Indices of maxima down columns, for every four neighbouring columns of a row, then one by one. */
const argMaxOfColumns = (slot: number, n: number, inner: number, dtype: DType, out: number) =>
(
  f: Func,
  row: Local,
) => {
  const [k, column, end, pointer, to] = f.locals("i32", 5);
  const [best, each, index, place, better] = f.locals("v128", 5);
  f.i32(0).set(column);
  for (const step of [4, 1] as const) {
    const load = step === 4 ? "v128.load" : "v128.load32_splat";
    f.i32(step === 4 ? inner - inner % 4 : inner).set(end);
    f.while(column, end, step, () => {
      pointTo(f, pointer, slot, () => f.get(row).times(n * inner).get(column).op("i32.add"));
      pointTo(f, to, out, () => f.get(row).times(inner).get(column).op("i32.add"));
      f.get(pointer).access(load).set(best).integers(0).set(index).integers(0).set(place);
      f.count(k, n, () => {
        f.get(pointer).access(load).set(each);
        beatsByLane(f, each, best, dtype);
        f.set(better).get(each, best, better).op("v128.bitselect").set(best);
        f.get(place, index, better).op("v128.bitselect").set(index);
        f.get(place).integers(1).op("i32x4.add").set(place).advance(pointer, 4 * inner);
      });
      f.get(to, index);
      if (step === 4) f.access("v128.store");
      else f.storeLane(0);
    });
  }
};

/** Indices of maxima. */
export const argMax: Kernel = kernel(["direct"], ({ args: [spec], operands, out }) => {
  const { shape: [outer, n, inner], dtype } = spec!, slot = operands[0]!.slot!;
  const row = argMaxOfRow(slot, n!, inner!, dtype, out);
  const rows = argMaxOfColumns(slot, n!, inner!, dtype, out);
  const own = inner! >= 4 ? pass(outer!, rows) : pass(outer! * inner!, (f, unit) => {
    const [o, i] = coordinates(f, unit, [outer!, inner!]);
    row(f, unit, o!, i!);
  });
  return { passes: [own], unfinished: true };
});
