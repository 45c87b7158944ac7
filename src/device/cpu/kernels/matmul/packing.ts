/**
 * Packing of the right operand of a matrix product in panels [panel][step][column].
 *
 * @module
 */
import { Func } from "../../wasm/function.ts";
import { coordinates, type KernelContext, type Pass, pass } from "../../kernel.ts";
import { forEachWidth } from "../product/for_each_width.ts";
import { packPanel } from "../product/pack_panel.ts";
import type { Blocks, MatrixProduct } from "./blocks.ts";

/** A function (from, to) that packs `depth` steps of `columns` columns, all in panels of their own. */
export function packingFunction(
  { module }: Pick<KernelContext, "module">,
  { right }: MatrixProduct,
  { panel }: Blocks,
  depth: number,
  columns: number,
): Func {
  return module.once(JSON.stringify(["pack", right, panel, depth, columns]), () => {
    const f = new Func(["i32", "i32"]), [from, to] = f.inputs(2), at = f.local("i32");
    const pack = (count: number) => {
      const strides = { rowStride: right.row, columnStride: right.column };
      packPanel(f, { rows: depth, columns: count, width: panel, ...strides }, { from, to });
      f.advance(from, 4 * count * right.column);
    };
    f.count(at, Math.floor(columns / panel), () => pack(panel));
    if (columns % panel) pack(columns % panel);
    return f;
  });
}

/** Packs the whole right operand, one panel of a product per unit. */
export function packBefore(
  context: KernelContext,
  product: MatrixProduct,
  blocks: Blocks,
  slot: number,
): Pass {
  const { batch, n, k, right } = product, { panel } = blocks, count = Math.ceil(n / panel);
  return pass(batch * count, (f, unit) => {
    const [b, number] = coordinates(f, unit, [batch, count]), [from, to] = f.locals("i32", 2);
    const pack = (columns: number) =>
      f.get(from, to).call(packingFunction(context, product, blocks, k, columns));
    f.get(b).times(right.batch).get(number).times(panel * right.column).op("i32.add");
    f.plus(right.offset).times(4).get(f.base(right.slot)).op("i32.add").set(from);
    f.get(f.base(slot), unit).times(4 * panel * k).op("i32.add").set(to);
    forEachWidth(f, number, n, panel, pack);
  });
}
