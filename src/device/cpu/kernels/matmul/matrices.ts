/**
 * The operands of a matrix product as strided matrices in memory; operands that are computed are stored
 * first.
 *
 * @module
 */
import { sizeOf, stridesOf } from "../../../../shape.ts";
import { type KernelContext, type KernelOperand, type Pass, pass, TABLE } from "../../kernel.ts";

/** Matrices [batch, row, column] in a slot: the offset of the first element, and strides, in elements. */
export interface Matrices {
  readonly slot: number;
  readonly offset: number;
  readonly batch: number;
  readonly row: number;
  readonly column: number;
}

/** The same matrices transposed. */
export const transposed = (x: Matrices): Matrices => ({ ...x, row: x.column, column: x.row });

/** Elements that a unit computes. */
const UNIT = 1 << 12;

/** The matrices of an argument, and the passes that store what of it is computed. */
export function placeMatrices(
  context: KernelContext,
  argument: 0 | 1,
): { readonly matrices: Matrices; readonly passes: readonly Pass[] } {
  const { shape } = context.args[argument], operand = context.operands[argument];
  const { viewed } = operand, size = sizeOf(shape);
  const isViewed = viewed !== undefined && viewed.size <= 2 * size;
  const source = isViewed ? viewed.source : operand, offset = isViewed ? viewed.offset : 0;
  const [batch, row, column] = (isViewed ? viewed.strides : stridesOf(shape)) as [
    number,
    number,
    number,
  ];
  const place = (slot: number) => ({ slot, offset, batch, row, column });
  if (source.slot !== undefined) return { matrices: place(source.slot), passes: [] };
  const elements = isViewed ? viewed.size : size, slot = context.scratch(elements);
  return { matrices: place(slot), passes: [storeOperand(source, elements, slot)] };
}

/** Stores the elements of a computed operand. */
function storeOperand(operand: KernelOperand, elements: number, slot: number): Pass {
  return pass(Math.ceil(elements / UNIT), (f, unit) => {
    const [from, to] = f.locals("i32", 2);
    f.get(unit).times(UNIT).tee(from).plus(UNIT).set(to).atMost(to, elements);
    f.get(TABLE, f.base(slot), from).times(4).op("i32.add").get(from, to);
    f.call(operand.range(elements % 4 === 0));
  });
}
