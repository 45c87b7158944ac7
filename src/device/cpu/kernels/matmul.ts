/**
 * Matrix products: the right operand is packed in panels of a tile's columns, then register tiles multiply
 * blocks of rows.
 *
 * @module
 */
import {
  coordinates,
  type Kernel,
  kernel,
  type KernelContext,
  LOCAL,
  type Pass,
  pass,
  point,
  TABLE,
} from "../kernel.ts";
import type { Func, Local } from "../wasm/function.ts";
import { productTile, ROWS, split, tileColumns, tiles } from "./register_tile.ts";

/** Rows per unit. */
const BLOCK = 16;

/** The sizes of a product [batch, m, k] × [batch, k, n]. */
interface ProductSizes {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** The right operand packed as [batch][panel][k][column]. */
interface Panels {
  /** Columns of a panel; the last one is padded with zeros. */
  readonly columns: number;
  readonly count: number;
  /** Bytes of a panel. */
  readonly bytes: number;
  readonly slot: number;
}

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Kernel = kernel(["any", "any"], (context) => {
  const [{ shape: [batch, m, k] }, { shape: [, , n] }] = context.args, s = { batch, m, k, n };
  const columns = tileColumns(context.features), count = Math.ceil(n / columns);
  const slot = context.scratch(batch * count * k * columns);
  const panels: Panels = { columns, count, bytes: 4 * k * columns, slot };
  context.reserve(Math.max(4 * (count * columns), 4 * BLOCK * k));
  return { passes: [packPanels(context, s, panels), multiplyBlocks(context, s, panels)] };
});

/** Packs the right operand, one row per unit. */
function packPanels(
  { operands }: KernelContext,
  { batch, k, n }: ProductSizes,
  { columns, count, bytes, slot }: Panels,
): Pass {
  return pass(batch * k, (f, unit) => {
    const [b, row] = coordinates(f, unit, [batch, k]);
    const [from, source, to, panel] = f.locals("i32", 4);
    const readRow = () => {
      f.get(unit).times(n).set(from).get(LOCAL).set(source);
      if (n % columns) f.get(LOCAL).i32(0).i32(4 * count * columns).op("memory.fill");
      f.get(TABLE, source, from, from).plus(n).call(operands[1].range(n % 4 === 0));
    };
    const copyColumns = () => {
      for (let at = 0; at < 4 * columns; at += 16) {
        f.get(to, source).access("v128.load", at).access("v128.store", at);
      }
    };
    readRow();
    f.get(f.base(slot), b).times(count).times(bytes).op("i32.add");
    f.get(row).times(4 * columns).op("i32.add").set(to);
    f.count(panel, count, () => {
      copyColumns();
      f.advance(source, 4 * columns).advance(to, bytes);
    });
  });
}

/** Multiplies the left operand by the panels, one block of rows per unit. */
function multiplyBlocks(context: KernelContext, s: ProductSizes, panels: Panels): Pass {
  const { batch, m, k, n } = s, { operands: [leftOperand], out } = context;
  const blocks = Math.ceil(m / BLOCK), [fullPanels, remainder] = split(n, panels.columns);
  const tile = tileFunctions(context, s);
  return pass(batch * blocks, (f, unit) => {
    const [b, block] = coordinates(f, unit, [batch, blocks]);
    const [from, count, left, right, to, panel] = f.locals("i32", 6);
    const setRows = () => {
      f.get(block).times(-BLOCK).plus(m).set(count);
      f.i32(BLOCK).get(count, count).i32(BLOCK).op("i32.gt_u", "select").set(count);
    };
    const pointToOperands = () => {
      f.get(b).times(m).get(block).times(BLOCK).op("i32.add").tee(panel).times(k).set(from);
      f.get(f.base(out), panel).times(4 * n).op("i32.add").set(to);
      point(f, leftOperand, left, from, () => f.get(count).times(k), 0, (m * k) % 4 === 0);
      f.get(f.base(panels.slot), b).times(panels.count * panels.bytes).op("i32.add").set(right);
    };
    const multiplyPanel = (columns: number) => {
      multiplyRows(f, s, { left, to, right, count }, (rows) => tile(rows, columns));
      f.advance(right, panels.bytes).advance(to, 4 * columns);
    };
    const finish = () => {
      const first = () => f.get(from).i32(k).op("i32.div_u").times(n);
      const last = () => {
        first();
        f.get(count).times(n).op("i32.add");
      };
      context.finish(f, first, last, (BLOCK * n) % 4 === 0 && (m * n) % 4 === 0);
    };
    setRows();
    pointToOperands();
    f.count(panel, fullPanels, () => multiplyPanel(panels.columns));
    if (remainder) multiplyPanel(remainder);
    finish();
  });
}

/** The tile functions, by rows and columns. */
const tileFunctions = ({ module, features }: KernelContext, { k, n }: ProductSizes) =>
  tiles((rows, columns) =>
    module.add(productTile(features, {
      rows,
      columns,
      depth: k,
      leftRow: 4 * k,
      lines: 1,
      leftLine: 4 * k,
      outRow: 4 * n,
    }))
  );

/** Multiplies the rows of a block by one panel. */
function multiplyRows(
  f: Func,
  { m, k, n }: ProductSizes,
  { left, to, right, count }: Readonly<Record<"left" | "to" | "right" | "count", Local>>,
  tile: (rows: number) => Func,
) {
  const [a, c, row, full] = f.locals("i32", 4), remainder = m % ROWS;
  f.get(left).set(a).get(to).set(c).i32(0).set(row).get(count).i32(-ROWS).op("i32.and").set(full);
  if (m >= ROWS) {
    f.while(row, full, ROWS, () => {
      f.get(a, right, c).call(tile(ROWS)).advance(a, 4 * k * ROWS).advance(c, 4 * n * ROWS);
    });
  }
  if (!remainder) return;
  f.get(row, count).op("i32.lt_u").when(() => f.get(a, right, c).call(tile(remainder)));
}
