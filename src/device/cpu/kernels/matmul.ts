/**
 * Matrix products: the right operand packed in panels of 8 columns, then blocks of rows by tiles.
 *
 * @module
 */
import type { Func, Local } from "../wasm/function.ts";
import { coordinates, type Kernel, kernel, LOCAL, pass, point, TABLE } from "../kernel.ts";
import { columnsOf, productTile, ROWS, split, tiles } from "./register_tile.ts";

/** Rows of a unit. */
const BLOCK = 16;

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Kernel = kernel(["any", "any"], (context) => {
  const [{ shape: [batch, m, k] }, { shape: [, , n] }] = context.args;
  const { module, features, operands, out } = context;
  const columns = columnsOf(features);
  const panels = Math.ceil(n / columns), blocks = Math.ceil(m / BLOCK);
  const panelBytes = 4 * k * columns, packed = context.scratch(batch * panels * k * columns);
  context.reserve(Math.max(4 * (panels * columns), 4 * BLOCK * k));
  const pack = pass(batch * k, (f, unit) => {
    const [b, row] = coordinates(f, unit, [batch, k]);
    const [from, source, to, panel] = f.locals("i32", 4);
    f.get(unit).times(n).set(from).get(LOCAL).set(source);
    if (n % columns) f.get(LOCAL).i32(0).i32(4 * panels * columns).op("memory.fill");
    f.get(TABLE, source, from, from).plus(n).call(operands[1].range(n % 4 === 0));
    f.get(f.base(packed), b).times(panels).times(panelBytes).op("i32.add");
    f.get(row).times(4 * columns).op("i32.add").set(to);
    f.count(panel, panels, () => {
      for (let at = 0; at < 4 * columns; at += 16) {
        f.get(to, source).access("v128.load", at).access("v128.store", at);
      }
      f.advance(source, 4 * columns).advance(to, panelBytes);
    });
  });
  const tile = tiles((rows, columns) =>
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
  const [fullPanels, lastColumns] = split(n, columns);
  const multiply = pass(batch * blocks, (f, unit) => {
    const [b, block] = coordinates(f, unit, [batch, blocks]);
    const [from, count, left, right, to, panel] = f.locals("i32", 6);
    const aligned = (m * k) % 4 === 0;
    f.get(block).times(-BLOCK).plus(m).set(count);
    f.i32(BLOCK).get(count, count).i32(BLOCK).op("i32.gt_u", "select").set(count);
    f.get(b).times(m).get(block).times(BLOCK).op("i32.add").tee(panel).times(k).set(from);
    f.get(f.base(out), panel).times(4 * n).op("i32.add").set(to);
    point(f, operands[0], left, from, () => f.get(count).times(k), 0, aligned);
    f.get(f.base(packed), b).times(panels * panelBytes).op("i32.add").set(right);
    const column = (columns: number) => {
      rowsOf(f, { left, to, right, count }, m, k, n, (rows) => tile(rows, columns));
      f.advance(right, panelBytes).advance(to, 4 * columns);
    };
    f.count(panel, fullPanels, () => column(columns));
    if (lastColumns) column(lastColumns);
    const first = () => f.get(from).i32(k).op("i32.div_u").times(n);
    context.finish(f, first, () => {
      first();
      f.get(count).times(n).op("i32.add");
    }, (BLOCK * n) % 4 === 0 && (m * n) % 4 === 0);
  });
  return { passes: [pack, multiply] };
});

/** Goes down the rows of a block with one panel. */
function rowsOf(
  f: Func,
  { left, to, right, count }: Readonly<Record<"left" | "to" | "right" | "count", Local>>,
  m: number,
  k: number,
  n: number,
  tile: (rows: number) => Func,
) {
  const [a, c, row, full] = f.locals("i32", 4), rest = m % ROWS;
  f.get(left).set(a).get(to).set(c).i32(0).set(row).get(count).i32(-ROWS).op("i32.and").set(full);
  if (m >= ROWS) {
    f.while(row, full, ROWS, () => {
      f.get(a, right, c).call(tile(ROWS)).advance(a, 4 * k * ROWS).advance(c, 4 * n * ROWS);
    });
  }
  if (rest) f.get(row, count).op("i32.lt_u").when(() => f.get(a, right, c).call(tile(rest)));
}
