/**
 * The units of a matrix product: each multiplies a block of rows by a group of columns.
 *
 * @module
 */
import type { Func, Local } from "../../wasm/function.ts";
import { coordinates, type KernelContext, LOCAL, type Pass, pass } from "../../kernel.ts";
import { forEachWidth } from "../product/for_each_width.ts";
import { multiply, type ProductPointers, type ProductShape } from "../product/mod.ts";
import type { Blocks, MatrixProduct } from "./blocks.ts";
import { packingFunction } from "./packing.ts";
import { transposeBlock } from "./transpose_block.ts";

/** Whether units store parts of the result's rows. */
export const splitsRows = ({ n, m, swapped }: MatrixProduct, { rows, columns }: Blocks): boolean =>
  swapped ? rows < m : columns < n;

/** Multiplies; `packed` is the slot of the right operand's panels if it was packed before. */
export function multiplyUnits(
  context: KernelContext,
  product: MatrixProduct,
  blocks: Blocks,
  packed: number | undefined,
): Pass {
  const { batch, m, n, k, left, right, swapped } = product, { panel } = blocks;
  const rowBlocks = Math.ceil(m / blocks.rows), groups = Math.ceil(n / blocks.columns);
  const panels = Math.ceil(n / panel), unitPanels = Math.ceil(blocks.columns / panel);
  const packBytes = blocks.packing === "unit" ? 4 * unitPanels * panel * blocks.depth : 0;
  const isStaged = swapped && n > 1, stagedRow = 16 * Math.ceil(blocks.columns / 4);
  context.reserve(packBytes + (isStaged ? blocks.rows * stagedRow : 0));
  const shape = productShape(product, blocks, isStaged ? stagedRow : swapped ? 4 : 4 * n);
  return pass(batch * rowBlocks * groups, (f, unit) => {
    const [b, block, group] = coordinates(f, unit, [batch, rowBlocks, groups]);
    const [first, rows, leftAt, rightAt, out, start] = f.locals("i32", 6);
    const setRows = () => {
      f.get(block).times(blocks.rows).tee(first).times(-1).plus(m).set(rows);
      f.atMost(rows, blocks.rows);
    };
    const pointToOperands = () => {
      f.get(b).times(left.batch).get(first).times(left.row).op("i32.add").plus(left.offset);
      f.times(4).get(f.base(left.slot)).op("i32.add").set(leftAt);
      if (packed === undefined) {
        f.get(b).times(right.batch).get(group).times(blocks.columns * right.column).op("i32.add");
        f.plus(right.offset).times(4).get(f.base(right.slot)).op("i32.add").set(rightAt);
      } else {
        f.get(b).times(panels).get(group).times(blocks.columns / panel).op("i32.add");
        f.times(4 * panel * k).get(f.base(packed)).op("i32.add").set(rightAt);
      }
    };
    /** Sets `start` to the index of the first element of the result. */
    const pointToResult = () => {
      const [outer, inner] = swapped ? [n, m] : [m, n];
      f.get(b).times(outer);
      if (swapped) f.get(group).times(blocks.columns).op("i32.add").times(inner).get(first);
      else f.get(first).op("i32.add").times(inner).get(group).times(blocks.columns);
      f.op("i32.add").set(start);
      if (isStaged) f.get(LOCAL).plus(packBytes).set(out);
      else f.get(f.base(context.out), start).times(4).op("i32.add").set(out);
    };
    setRows();
    pointToOperands();
    pointToResult();
    forEachWidth(f, group!, n, blocks.columns, (columns) => {
      const extent = m % blocks.rows ? { local: rows } : blocks.rows;
      const at = { left: leftAt, right: rightAt, out };
      multiplyDepth(f, context, product, blocks, shape, at, extent, columns);
      if (isStaged) {
        f.get(out, f.base(context.out), start).times(4).op("i32.add").get(rows);
        f.call(transposeBlock(context.module, columns, stagedRow, 4 * m));
      }
      const lines = swapped ? columns : { local: rows };
      const length = swapped ? { local: rows } : columns;
      finishLines(f, context, start, lines, length, swapped ? m : n);
    });
  });
}

/** The strides of a product of blocks. */
function productShape(
  { left, right, k }: MatrixProduct,
  { packing, panel, depth }: Blocks,
  outRow: number,
): ProductShape {
  const own = { leftRow: 4 * left.row, leftStep: 4 * left.column, outRow };
  if (packing === "none") return { ...own, rightStep: 4 * right.row, rightPanel: 4 * panel };
  return { ...own, rightStep: 4 * panel, rightPanel: 4 * panel * (packing === "unit" ? depth : k) };
}

type Extent = number | { readonly local: Local };

/** Multiplies block after block of steps, each continuing the sums of the one before. */
function multiplyDepth(
  f: Func,
  context: KernelContext,
  product: MatrixProduct,
  blocks: Blocks,
  shape: ProductShape,
  at: ProductPointers,
  rows: Extent,
  columns: number,
) {
  const { k, left, right } = product, { depth, packing, panel } = blocks;
  const block = f.local("i32"), pack = packing === "unit", panelBytes = 4 * panel;
  const multiplyBlock = (steps: number, accumulates: boolean) => {
    if (pack) {
      f.get(at.right, LOCAL).call(packingFunction(context, product, blocks, steps, columns));
    }
    const from = pack ? { ...at, right: LOCAL } : at;
    const rightPanel = pack ? panelBytes * steps : shape.rightPanel!;
    multiply(f, context, { ...shape, rightPanel, accumulates }, from, {
      rows,
      columns,
      depth: steps,
    });
    f.advance(at.left, 4 * steps * left.column);
    f.advance(at.right, steps * (packing === "before" ? panelBytes : 4 * right.row));
  };
  const whole = Math.floor(k / depth);
  if (whole > 0) multiplyBlock(depth, false);
  f.count(block, whole - 1, () => multiplyBlock(depth, true));
  if (k % depth) multiplyBlock(k % depth, whole > 0);
}

/** Applies the epilogue to `lines` parts of rows of the result, from `start` on, of `length` elements. */
function finishLines(
  f: Func,
  { epilogue, finish }: KernelContext,
  start: Local,
  lines: Extent,
  length: Extent,
  rowElements: number,
) {
  if (epilogue === "none") return;
  const isWhole = length === rowElements;
  if (epilogue === "rows" && !isWhole) return;
  const push = (extent: Extent) => typeof extent === "number" ? f.i32(extent) : f.get(extent.local);
  // Blocks are multiples of 4 but for the last one, with which a row ends.
  const aligned = rowElements % 4 === 0;
  const from = f.local("i32"), to = f.local("i32"), line = f.local("i32"), end = f.local("i32");
  f.get(start).set(from);
  if (isWhole) {
    push(lines).times(rowElements).get(from).op("i32.add").set(to);
    return finish(f, () => f.get(from), () => f.get(to), aligned);
  }
  push(lines).set(end).i32(0).set(line);
  f.while(line, end, 1, () => {
    push(length).get(from).op("i32.add").set(to);
    finish(f, () => f.get(from), () => f.get(to), aligned);
    f.advance(from, rowElements);
  });
}
