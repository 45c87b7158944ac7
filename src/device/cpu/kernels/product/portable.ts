/**
 * Matrix products in WebAssembly: loops over panels, products and rows around register tiles.
 *
 * @module
 */
import type { Features } from "../../features.ts";
import { Func, type Local } from "../../wasm/function.ts";
import type { ModuleBuilder } from "../../wasm/module.ts";
import {
  type Extent,
  type ProductExtents,
  type ProductPointers,
  type ProductShape,
  pushExtent,
} from "./shape.ts";
import { productTile, tileRows } from "./tile.ts";

/** What code depends on beside the product. */
interface Target {
  readonly module: ModuleBuilder;
  readonly features: Features;
  /** Columns of a panel. */
  readonly panel: number;
}

/** Emits a call of the module's function for a product. */
export function multiplyPortably(
  f: Func,
  target: Target,
  shape: ProductShape,
  { left, right, out }: ProductPointers,
  { rows, columns, depth, lines = 1, blocks = 1, batch = 1 }: ProductExtents,
) {
  const key = JSON.stringify([shape, columns, typeof rows === "number" ? rows : "any"]);
  const callee = target.module.once(key, () => productFunction(target, shape, columns, rows));
  f.get(left, right, out);
  for (const extent of [rows, depth, lines, blocks, batch]) pushExtent(f, extent);
  f.call(callee);
}

/** The locals of a product function: its parameters. */
type Place =
  & ProductPointers
  & Readonly<Record<"rows" | "depth" | "lines" | "blocks" | "batch", Local>>;

/** A function (left, right, out, rows, depth, lines, blocks, batch) that computes whole products. */
function productFunction(target: Target, shape: ProductShape, columns: number, rows: Extent): Func {
  const f = new Func(["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"]);
  const [left, right, out, rowCount, depth, lines, blocks, batch] = f.inputs(8),
    panel = f.local("i32");
  const at: Place = { left, right, out, rows: rowCount, depth, lines, blocks, batch };
  const multiplyPanel = (width: number) => {
    multiplyBatch(f, target, shape, at, rows, width);
    f.advance(right, shape.rightPanel ?? 0).advance(out, 4 * target.panel);
  };
  f.count(panel, Math.floor(columns / target.panel), () => multiplyPanel(target.panel));
  if (columns % target.panel) multiplyPanel(columns % target.panel);
  return f;
}

/** Multiplies every product of a batch by one of its panels. */
function multiplyBatch(
  f: Func,
  target: Target,
  shape: ProductShape,
  at: Place,
  rows: Extent,
  columns: number,
) {
  const { leftBatch = 0, rightBatch = 0, outBatch = 0 } = shape;
  const [product, left, right, out] = f.locals("i32", 4);
  f.i32(0).set(product).get(at.left).set(left).get(at.right).set(right).get(at.out).set(out);
  f.while(product, at.batch, 1, () => {
    multiplyRows(f, target, shape, { ...at, left, right, out }, rows, columns);
    f.advance(left, leftBatch).advance(right, rightBatch).advance(out, outBatch);
  });
}

/** Multiplies rows by a panel, in the fewest tiles, as equal as possible. */
function multiplyRows(
  f: Func,
  { module, features }: Target,
  shape: ProductShape,
  at: Place,
  rows: Extent,
  columns: number,
) {
  const [left, out, remaining, tiles, size] = f.locals("i32", 5), most = tileRows(columns);
  const multiplyTile = (height: number) => {
    const key = JSON.stringify(["tile", shape, height, columns]);
    const tile = module.once(key, () => productTile(features, shape, height, columns));
    f.get(left, at.right, out, at.depth, at.lines, at.blocks).call(tile);
  };
  f.get(at.left).set(left).get(at.out).set(out).get(at.rows).tee(remaining);
  f.plus(most - 1).i32(most).op("i32.div_u").set(tiles);
  f.block(() =>
    f.loop(() => {
      f.get(tiles).op("i32.eqz").exitIf(1);
      f.get(remaining, tiles).op("i32.add").plus(-1).get(tiles).op("i32.div_u").set(size);
      choose(f, size, tileHeights(rows, most), multiplyTile);
      f.get(left, size).times(shape.leftRow).op("i32.add").set(left);
      f.get(out, size).times(shape.outRow).op("i32.add").set(out);
      f.get(remaining, size).op("i32.sub").set(remaining);
      f.advance(tiles, -1).exit(0);
    })
  );
}

/** The heights of the tiles that a number of rows is split into, the most frequent first. */
function tileHeights(rows: Extent, most: number): number[] {
  if (typeof rows !== "number") return Array.from({ length: most }, (_, i) => most - i);
  const tiles = Math.max(1, Math.ceil(rows / most));
  return [...new Set([Math.ceil(rows / tiles), Math.floor(rows / tiles)])];
}

/** Runs the body of the one of several values that a local has. */
function choose(f: Func, local: Local, values: readonly number[], body: (value: number) => void) {
  f.block(() =>
    values.forEach((value, i) => {
      if (i === values.length - 1) body(value);
      else {f.get(local).i32(value).op("i32.eq").when(() => {
          body(value);
          f.exit(1);
        });}
    })
  );
}
