/**
 * The matrix products in Winograd's domain: over channels for convolution, over blocks for the weight
 * gradient.
 *
 * @module
 */
import type { Features } from "../../../features.ts";
import { Func, type Local } from "../../../wasm/function.ts";
import { RegisterTile, ROWS, tileColumns } from "../../register_tile.ts";
import type { Domain } from "./transforms.ts";

/** A function (left, right, target, blocks) that computes all products of one panel. */
export function panelProducts(
  features: Features,
  products: number,
  channels: number,
  left: Domain,
  rightProduct: number,
  outProduct: number,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]);
  const [left0, right0, target0, blocks] = f.inputs(4);
  const [product, at, block, a, b, target, end] = f.locals("i32", 7);
  const columns = tileColumns(features), tile = new RegisterTile(f, features, ROWS);
  f.count(product, products, () => {
    f.get(left0).set(at).get(target0).set(target).i32(0).set(block);
    f.while(block, blocks, ROWS, () => {
      f.get(at).set(a).get(right0).tee(b).plus(4 * channels * columns).set(end);
      tile.clear();
      f.until(b, end, () => {
        for (let k = 0; k < left.width; k += 4) {
          tile.deep(a, 4 * left.width, b, 4 * k, 4 * k * columns);
        }
        f.advance(a, left.panel).advance(b, 4 * left.width * columns);
      });
      tile.store(target, 4 * columns);
      f.advance(at, 4 * ROWS * left.width).advance(target, 4 * ROWS * columns);
    });
    f.advance(left0, left.product).advance(right0, rightProduct).advance(target0, outProduct);
  });
  return f;
}

/** A function (left, right, target, blocks) that adds the products of blocks to one product's sums. */
export function addProducts(
  features: Features,
  channels: number,
  outChannels: number,
  left: Domain,
  right: Domain,
): Func {
  const f = new Func(["i32", "i32", "i32", "i32"]);
  const [left0, right0, target, blocks] = f.inputs(4);
  const columns = tileColumns(features), panels = Math.ceil(outChannels / columns);
  const [group, part, panel, a, b, column, most, end] = f.locals("i32", 8);
  const tile = new RegisterTile(f, features, ROWS), together = 4;
  const rightBytes = 4 * columns, leftBytes = 4 * left.width;
  const addBlocks = (count: number, last: Local) => {
    f.block(() =>
      f.loop(() => {
        f.get(b, last).op("i32.ge_u").exitIf(1);
        for (let t = 0; t < count; t++) tile.across(a, t * leftBytes, b, t * rightBytes);
        f.advance(a, count * leftBytes).advance(b, count * rightBytes).exit(0);
      })
    );
  };
  f.get(blocks).i32(-together).op("i32.and").times(rightBytes).set(most);
  f.get(blocks).times(rightBytes).set(end);
  f.count(group, channels / left.width, () => {
    f.count(part, left.width / ROWS, () => {
      f.get(right0).set(column);
      f.count(panel, panels, () => {
        const last = f.local("i32");
        tile.reload(target, 4 * columns);
        f.get(left0).set(a).get(column).tee(b).get(most).op("i32.add").set(last);
        addBlocks(together, last);
        f.get(column, end).op("i32.add").set(last);
        addBlocks(1, last);
        tile.store(target, 4 * columns);
        f.advance(column, right.panel).advance(target, ROWS * 4 * columns);
      });
      f.advance(left0, 4 * ROWS);
    });
    f.advance(left0, left.panel - leftBytes);
  });
  return f;
}
