/**
 * The rows of an operand's images, without padding: in place, or computed by each thread as they are needed.
 *
 * @module
 */
import type { WindowAxis } from "../../../../../ops/window_axis.ts";
import { type KernelContext, type KernelOperand, LOCAL, TABLE } from "../../../kernel.ts";
import { extent } from "../../../../../ops/window_axis.ts";
import type { Func, Local } from "../../../wasm/function.ts";

/** The rows of an operand. */
export interface RowSource {
  /** Bytes of a row. */
  readonly row: number;
  /** Bytes that it uses of the thread's scratch memory; 0 if rows are read in place. */
  readonly bytes: number;
  /** Sets `pointer` to where row 0 of an image would be, of which windows first…end-1 read rows. */
  point(f: Func, at: Readonly<Record<"image" | "first" | "end" | "pointer", Local>>): void;
}

/** The rows of an operand's images that windows along an axis read. */
export function rowSource(
  context: KernelContext,
  a: WindowAxis,
  row: number,
  operand: KernelOperand,
  windows = a.out,
  offset = 0,
): RowSource {
  const { slot } = operand, elements = row / 4;
  if (slot !== undefined) {
    return {
      row,
      bytes: 0,
      point(f, { image, pointer }) {
        f.get(f.base(slot), image).times(a.size * row).op("i32.add").set(pointer);
      },
    };
  }
  const most = Math.ceil(((windows - 1) * a.stride + extent(a)) / a.spacing) + 1;
  const bytes = Math.min(a.size, most) * row + 64, compute = operand.range(elements % 4 === 0);
  context.reserve(offset + bytes);
  return {
    row,
    bytes,
    point(f, { image, first, end, pointer }) {
      const [from, to, start] = f.locals("i32", 3);
      const atLeastZero = (value: Local) => {
        f.get(value).i32(0).get(value).i32(0).op("i32.gt_s", "select").set(value);
      };
      f.get(first).times(a.stride).plus(-a.padding).set(from);
      atLeastZero(from);
      f.get(from).i32(a.spacing).op("i32.div_u").set(from).atMost(from, a.size);
      f.get(end).plus(-1).times(a.stride).plus(extent(a) - a.padding).set(to);
      atLeastZero(to);
      f.get(to).plus(a.spacing - 1).i32(a.spacing).op("i32.div_u").set(to).atMost(to, a.size);
      f.get(LOCAL).plus(offset).get(from).times(row).op("i32.sub").set(pointer);
      f.get(image).times(a.size).set(start);
      f.get(from, to).op("i32.lt_u").when(() => {
        f.get(TABLE, LOCAL).plus(offset);
        for (const bound of [from, to]) f.get(start, bound).op("i32.add").times(elements);
        f.call(compute);
      });
    },
  };
}
