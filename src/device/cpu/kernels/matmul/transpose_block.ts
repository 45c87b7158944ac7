/**
 * Stores the transpose of a block of a result.
 *
 * @module
 */
import { Func } from "../../wasm/function.ts";
import type { ModuleBuilder } from "../../wasm/module.ts";
import { storeTransposed } from "../product/pack_panel.ts";

/** A function (from, to, rows) that stores `rows` × `columns` elements, with strides in bytes, transposed. */
export function transposeBlock(
  module: ModuleBuilder,
  columns: number,
  fromRow: number,
  toRow: number,
): Func {
  return module.once(JSON.stringify(["transpose", columns, fromRow, toRow]), () => {
    const f = new Func(["i32", "i32", "i32"]), [from, to, rows] = f.inputs(3);
    const [row, whole, column, source, target] = f.locals("i32", 5), full = columns - columns % 4;
    const copyElements = (height: number, first: number, count: number) => {
      for (let r = 0; r < height; r++) {
        for (let c = first; c < first + count; c++) {
          f.get(to, from).access("i32.load", r * fromRow + 4 * c);
          f.access("i32.store", c * toRow + 4 * r);
        }
      }
    };
    const transposeFour = () => {
      const vectors = f.locals("v128", 4);
      vectors.forEach((vector, r) => f.get(source).access("v128.load", r * fromRow).set(vector));
      storeTransposed(f, vectors, (c) => {
        f.get(target);
        return c * toRow;
      });
    };
    f.get(rows).i32(-4).op("i32.and").set(whole);
    f.while(row, whole, 4, () => {
      f.get(from).set(source).get(to).set(target);
      f.count(column, full, () => {
        transposeFour();
        f.advance(source, 16).advance(target, 4 * toRow);
      }, 4);
      copyElements(4, full, columns - full);
      f.advance(from, 4 * fromRow).advance(to, 16);
    });
    f.while(row, rows, 1, () => {
      copyElements(1, 0, columns);
      f.advance(from, fromRow).advance(to, 4);
    });
    return f;
  });
}
