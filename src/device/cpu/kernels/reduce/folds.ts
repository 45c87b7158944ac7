/**
 * The kernels of sum, max and cumSum over the middle axis of [outer, n, inner]. Long axes are reduced in
 * parts, in an order that depends only on the sizes.
 *
 * @module
 */
import type { DType } from "../../../../host_data.ts";
import {
  coordinates,
  type Kernel,
  kernel,
  type KernelContext,
  type KernelOperand,
  type Lowered,
  type Pass,
  pass,
} from "../../kernel.ts";
import { columnParts, rowsFunction } from "./columns.ts";
import { type Combine, maxima, sums } from "./combine.ts";
import type { Sizes } from "./parts.ts";
import { rowParts } from "./rows.ts";

/** sum. */
export const sum: Kernel = kernel(["any"], (context) => reduce(context, sums));

/** max; NaN if any element is. */
export const max: Kernel = kernel(["any"], (context) => reduce(context, maxima));

function reduce(context: KernelContext, combining: (dtype: DType) => Combine): Lowered {
  const { args: [{ shape: [outer, n, inner], dtype }], operands: [source], out } = context;
  const passes = reduceInParts(context, source, [outer, n, inner], out, combining(dtype));
  return { passes, unfinished: true };
}

/**
 * The passes that reduce an operand into a slot: by parts, then, if there are several, recursively over the
 * parts.
 */
function reduceInParts(
  context: KernelContext,
  source: KernelOperand,
  sizes: Sizes,
  out: number,
  combine: Combine,
): Pass[] {
  const [outer, , inner] = sizes, cut = inner === 1 ? rowParts : columnParts;
  const { parts, pass } = cut(context, source, sizes, combine);
  if (parts === 1) return [pass(out)];
  const partial = context.scratch(outer * parts * inner);
  const further = reduceInParts(context, inSlot(partial), [outer, parts, inner], out, combine);
  return [pass(partial), ...further];
}

const inSlot = (slot: number): KernelOperand => ({
  slot,
  range: () => {
    throw new Error("cpu: expected an operand that is computed, found one in memory");
  },
});

/** Columns per unit, and the fewest for which rows are added as vectors. */
const MAX_COLUMNS = 256, MIN_COLUMNS = 4;

/** cumSum; with `reverse` from the end of the axis. */
export const cumSum: Kernel = kernel(["direct"], (context) => {
  const { args: [{ shape: [, , inner] }] } = context;
  const scan = inner < MIN_COLUMNS ? scanColumns : scanRows;
  return { passes: [scan(context)], unfinished: true };
});

/** The first element of a scan and its step, in elements of [n, inner]. */
const direction = ({ args: [{ shape: [, n, inner] }], attrs: { reverse } }: KernelContext) =>
  reverse ? { first: (n - 1) * inner, step: -inner } : { first: 0, step: inner };

/** Scans one column per unit, floats in float64. */
function scanColumns(context: KernelContext): Pass {
  const { args: [{ shape: [outer, n, inner], dtype }], operands: [source], out } = context;
  const { first, step } = direction(context), float = dtype === "f32";
  return pass(outer * inner, (f, unit) => {
    const [row, column] = coordinates(f, unit, [outer, inner]);
    const [k, at, from, to] = f.locals("i32", 4), total = f.local(float ? "f64" : "i32");
    f.get(row).times(n * inner).get(column).op("i32.add").plus(first).times(4).set(at);
    f.get(at, f.base(source.slot!)).op("i32.add").set(from);
    f.get(at, f.base(out)).op("i32.add").set(to);
    if (float) f.f64(0).set(total);
    else f.i32(0).set(total);
    f.count(k, n, () => {
      f.get(total, from);
      if (float) f.access("f32.load").op("f64.promote_f32", "f64.add").set(total);
      else f.access("i32.load").op("i32.add").set(total);
      f.get(to, total);
      if (float) f.op("f32.demote_f64").access("f32.store");
      else f.access("i32.store");
      f.advance(from, 4 * step).advance(to, 4 * step);
    });
  });
}

/** Scans one block of columns per unit, row by row. */
function scanRows(context: KernelContext): Pass {
  const { args: [{ shape: [outer, n, inner], dtype }], operands: [source], out } = context;
  const { first, step } = direction(context);
  const columns = Math.min(inner, MAX_COLUMNS), blocks = Math.ceil(inner / columns);
  const addRows = context.module.add(rowsFunction(sums(dtype)));
  return pass(outer * blocks, (f, unit) => {
    const [row, block] = coordinates(f, unit, [outer, blocks]);
    const [k, at, width, from, to, next] = f.locals("i32", 6);
    f.get(block).times(-columns).plus(inner).set(width);
    f.atMost(width, columns);
    f.get(row).times(n * inner).get(block).times(columns).op("i32.add").plus(first).times(4);
    f.set(at);
    f.get(at, f.base(source.slot!)).op("i32.add").set(from);
    f.get(at, f.base(out)).op("i32.add").set(to);
    f.get(to, from, width).times(4).op("memory.copy");
    f.count(k, n - 1, () => {
      f.get(to).plus(4 * step).set(next).advance(from, 4 * step);
      f.get(next, to, width).times(4).op("memory.copy");
      f.get(next, from).i32(1).i32(4).get(width).i32(0).call(addRows).get(next).set(to);
    });
  });
}
