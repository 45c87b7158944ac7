/**
 * The kernel of argSort over rows [rows, n]: bottom-up merging of indices by keys, integers in the order of the
 * elements.
 *
 * @module
 */
import type { DType } from "../../../host_data.ts";
import { type Kernel, kernel, pass } from "../kernel.ts";
import type { Func, Local } from "../wasm/function.ts";

/** The bits of f32's infinity, and of every number without its sign. */
const INFINITE = 0x7f800000, MAGNITUDE = 0x7fffffff;

/** argSort: a row per unit. */
export const argSort: Kernel = kernel(["direct"], (context) => {
  const { args: [{ shape: [rows, n], dtype }], attrs, operands: [x], out } = context;
  const keys = context.scratch(rows * n), other = context.scratch(rows * n);
  // Each level of merging moves the indices to the other buffer; the last one to the result.
  const isEven = Math.ceil(Math.log2(n)) % 2 === 0;
  const sorting = pass(rows, (f, row) => {
    const [key, source, target, from] = f.locals("i32", 4);
    const pointTo = (pointer: Local, slot: number) =>
      f.get(f.base(slot), row).times(4 * n).op("i32.add").set(pointer);
    pointTo(from, x.slot!);
    pointTo(key, keys);
    pointTo(source, isEven ? out : other);
    pointTo(target, isEven ? other : out);
    makeKeys(f, n, dtype, attrs.descending === true, { from, key, source });
    mergeAll(f, n, { key, source, target });
  });
  return { passes: [sorting], unfinished: true };
});

/** Stores the key and the index of each element of a row. */
function makeKeys(
  f: Func,
  n: number,
  dtype: DType,
  descending: boolean,
  { from, key, source }: Readonly<Record<"from" | "key" | "source", Local>>,
) {
  const [i, bits, at] = f.locals("i32", 3);
  f.count(i, n, () => {
    f.get(i).times(4).set(at).get(from, at).op("i32.add").access("i32.load").set(bits);
    f.get(key, at).op("i32.add");
    if (dtype === "f32") pushFloatKey(f, bits);
    else f.get(bits);
    if (dtype === "u32") f.i32(-0x80000000).op("i32.xor");
    if (descending) f.i32(-1).op("i32.xor");
    f.access("i32.store").get(source, at).op("i32.add").get(i).access("i32.store");
  });
}

/** Pushes an integer in the order of a float: 0 for both zeros, the largest for NaN. */
function pushFloatKey(f: Func, bits: Local) {
  // Of a negative number, all bits but the sign are inverted.
  f.i32(MAGNITUDE);
  f.i32(0).get(bits).get(bits).i32(31).op("i32.shr_s").i32(MAGNITUDE).op("i32.and", "i32.xor");
  f.get(bits).i32(1).op("i32.shl", "i32.eqz", "select");
  f.get(bits).i32(MAGNITUDE).op("i32.and").i32(INFINITE).op("i32.gt_s", "select");
}

/** Merges runs of 1, 2, 4, … indices until one is left. */
function mergeAll(
  f: Func,
  n: number,
  { key, source, target }: Readonly<Record<"key" | "source" | "target", Local>>,
) {
  const [width, low, middle, high, swapped] = f.locals("i32", 5);
  const [left, leftEnd, right, rightEnd, to] = f.locals("i32", 5);
  const end = (from: Local) =>
    f.smaller(() => f.get(from, width).op("i32.add"), () => f.i32(4 * n));
  // All are offsets and addresses in bytes.
  f.i32(4).set(width);
  f.loop(() => {
    f.i32(0).set(low);
    f.loop(() => {
      end(low).set(middle);
      end(middle).set(high);
      f.get(source, low).op("i32.add").set(left);
      f.get(source, middle).op("i32.add").tee(leftEnd).set(right);
      f.get(source, high).op("i32.add").set(rightEnd);
      f.get(target, low).op("i32.add").set(to);
      mergeRuns(f, { key, left, leftEnd, right, rightEnd, to });
      f.get(high).tee(low).i32(4 * n).op("i32.lt_u").exitIf(0);
    });
    f.get(source).set(swapped).get(target).set(source).get(swapped).set(target);
    f.get(width).times(2).tee(width).i32(4 * n).op("i32.lt_u").exitIf(0);
  });
}

/** Merges two runs of indices; of equal elements, the left one comes first. */
function mergeRuns(
  f: Func,
  { key, left, leftEnd, right, rightEnd, to }: Readonly<
    Record<"key" | "left" | "leftEnd" | "right" | "rightEnd" | "to", Local>
  >,
) {
  const [a, b, takesRight] = f.locals("i32", 3);
  const pushKey = (index: Local) => f.get(key, index).times(4).op("i32.add").access("i32.load");
  const copy = (from: Local, end: Local) => f.get(to, from, end, from).op("i32.sub", "memory.copy");
  f.block(() => {
    f.get(right, rightEnd).op("i32.ge_u").exitIf(0);
    f.loop(() => {
      f.get(left).access("i32.load").set(a).get(right).access("i32.load").set(b);
      pushKey(b);
      pushKey(a);
      f.op("i32.lt_s").set(takesRight);
      f.get(to, b, a, takesRight).op("select").access("i32.store").advance(to, 4);
      f.get(right, takesRight).times(4).op("i32.add").set(right);
      f.get(left).plus(4).get(takesRight).times(4).op("i32.sub").set(left);
      f.get(left, leftEnd).op("i32.ge_u").exitIf(1);
      f.get(right, rightEnd).op("i32.lt_u").exitIf(0);
    });
  });
  copy(left, leftEnd);
  f.get(to, leftEnd, left).op("i32.sub", "i32.add").set(to);
  copy(right, rightEnd);
}
