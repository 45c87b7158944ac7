/**
 * The kernels of gather and scatterAdd.
 *
 * @module
 */
import { outsideValue } from "../../../ops/gather.ts";
import { coordinates, type Kernel, kernel, pass, pushShare, setShare } from "../kernel.ts";
import type { Func, Local } from "../wasm/function.ts";
import type { PlainName } from "../wasm/opcodes.ts";

/** Elements per unit where rows are gathered or cleared. */
const BLOCK = 8192;

/** x [n, m], indices [k] → [k, m]: a block of rows per unit. */
export const gather: Kernel = kernel(["direct", "direct"], (context) => {
  const { args: [{ shape: [n, m], dtype }], attrs, operands: [x, at], spec, out } = context;
  const count = spec.shape[0], units = Math.max(1, Math.min(count, Math.ceil(count * m / BLOCK)));
  const rows = pass(units, (f, unit) => {
    const [k, end, row, from, to, stop] = f.locals("i32", 6);
    setShare(f, unit, units, count, k, end);
    f.get(f.base(out), k).times(4 * m).op("i32.add").set(to);
    f.while(k, end, 1, () => {
      f.get(f.base(at.slot!), k).times(4).op("i32.add").access("i32.load").set(row);
      f.block(() => {
        f.get(row).i32(n).op("i32.lt_u").when(() => {
          f.get(f.base(x.slot!), row).times(4 * m).op("i32.add").set(from);
          copyRow(f, m, from, to);
          f.exit(1);
        });
        fillOutside(f, outsideValue(dtype, attrs), m, { to, stop });
      });
      f.advance(to, 4 * m);
    });
    context.finish(
      f,
      () => {
        pushShare(f, () => f.get(unit), units, count);
        f.times(m);
      },
      () => f.get(end).times(m),
      m % 4 === 0,
    );
  });
  return { passes: [rows] };
});

/** Elements up to which the copy of a row is written out, vector by vector; a call copies longer ones. */
const SHORT_ROW = 56;

/** Copies a row of `m` elements. */
function copyRow(f: Func, m: number, from: Local, to: Local) {
  if (m > SHORT_ROW) {
    f.get(to, from).i32(4 * m).op("memory.copy");
    return;
  }
  const width = m < 4 ? 1 : 4;
  for (let at = 0; at < m; at += width) {
    // The last vector ends with the row.
    const offset = 4 * Math.min(at, m - width);
    f.get(to, from);
    if (width === 1) f.access("i32.load", offset).access("i32.store", offset);
    else f.access("v128.load", offset).access("v128.store", offset);
  }
}

/** Fills a row whose index is out of range, with zeros or NaN. */
function fillOutside(
  f: Func,
  value: number,
  m: number,
  { to, stop }: Readonly<Record<"to" | "stop", Local>>,
) {
  if (value === 0) {
    f.get(to).i32(0).i32(4 * m).op("memory.fill");
    return;
  }
  const nan = f.local("v128"), at = f.local("i32");
  f.floats(value).set(nan).get(to).tee(at).plus(4 * m).set(stop);
  f.while(at, stop, 4, () => f.get(at, nan).storeLane(0));
}

/** The fewest columns of a unit of {@linkcode scatterAdd}, and how many units are enough. */
const LEAST_COLUMNS = 32, ENOUGH = 4;

/** indices [k], rows [k, m] → [n, m]: rows are added in order, one block of columns per unit. */
export const scatterAdd: Kernel = kernel(["direct", "direct"], (context) => {
  const { args: [{ shape: [count] }, { shape: [, m] }], operands: [at, rows], spec, out } = context;
  const [n] = spec.shape, add = spec.dtype === "f32" ? "f32x4.add" : "i32x4.add";
  const columns = Math.max(LEAST_COLUMNS, 16 * Math.ceil(m / 16 / ENOUGH));
  const blocks = Math.ceil(m / columns), clearing = Math.ceil(n * m / BLOCK);
  const clear = pass(clearing, (f, unit) => {
    const [from, to] = f.locals("i32", 2);
    setShare(f, unit, clearing, n * m, from, to);
    f.get(f.base(out), from).times(4).op("i32.add").i32(0).get(to, from).op("i32.sub").times(4);
    f.op("memory.fill");
  });
  /** Adds rows' columns from `first` on, so many. */
  const addColumns = (f: Func, first: Local, width: number) => {
    const [k, row, from, to, stop] = f.locals("i32", 5);
    const point = (pointer: Local, slot: number, row: Local) => {
      f.get(f.base(slot), row).times(m).get(first).op("i32.add").times(4).op("i32.add").set(
        pointer,
      );
    };
    f.count(k, count, () => {
      f.get(f.base(at.slot!), k).times(4).op("i32.add").access("i32.load").tee(row);
      f.i32(n).op("i32.lt_u").when(() => {
        point(to, out, row);
        point(from, rows.slot!, k);
        addElements(f, add, width, { from, to, stop });
      });
    });
  };
  const addBlocks = pass(blocks, (f, unit) => {
    const [block] = coordinates(f, unit, [blocks]), first = f.local("i32");
    const full = Math.floor(m / columns), left = m % columns;
    f.get(block).times(columns).set(first);
    if (full > 0) f.get(block).i32(full).op("i32.lt_u").when(() => addColumns(f, first, columns));
    if (left) f.get(block).i32(full).op("i32.eq").when(() => addColumns(f, first, left));
  });
  return { passes: [clear, addBlocks], unfinished: true };
});

/** Adds so many elements to others: 16, 4 and then one at a time. */
function addElements(
  f: Func,
  add: PlainName,
  width: number,
  { from, to, stop }: Readonly<Record<"from" | "to" | "stop", Local>>,
) {
  let left = width;
  for (const elements of [16, 4, 1]) {
    const part = left - left % elements;
    const addPart = () => {
      const load = elements === 1 ? "v128.load32_splat" : "v128.load";
      for (let at = 0; at < 4 * elements; at += 16) {
        f.get(to, to).access(load, at).get(from).access(load, at).op(add);
        if (elements === 1) f.storeLane(0);
        else f.access("v128.store", at);
      }
      f.advance(from, 4 * elements).advance(to, 4 * elements);
    };
    left -= part;
    if (part === elements) addPart();
    else if (part > 0) f.get(to).plus(4 * part).set(stop).until(to, stop, addPart);
  }
}
