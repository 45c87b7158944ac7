/**
 * Matrix products in all transpositions: operands are read in place or packed in panels, block by block.
 *
 * @module
 */
import { type Kernel, kernel } from "../../kernel.ts";
import { chooseBlocks, orient } from "./blocks.ts";
import { placeMatrices } from "./matrices.ts";
import { packBefore } from "./packing.ts";
import { multiplyUnits, splitsRows } from "./units.ts";

/** [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export const matmul: Kernel = kernel(["any", "any"], (context) => {
  const [{ shape: [batch, m, k] }, { shape: [, , n] }] = context.args;
  const left = placeMatrices(context, 0), right = placeMatrices(context, 1);
  const matrices = { left: left.matrices, right: right.matrices };
  const product = orient({ batch: batch!, m: m!, k: k!, n: n!, ...matrices });
  const blocks = chooseBlocks(product, context.features),
    passes = [...left.passes, ...right.passes];
  let packed: number | undefined;
  if (blocks.packing === "before") {
    const panels = Math.ceil(product.n / blocks.panel);
    packed = context.scratch(product.batch * panels * product.k * blocks.panel);
    passes.push(packBefore(context, product, blocks, packed));
  }
  passes.push(multiplyUnits(context, product, blocks, packed));
  const unfinished = context.epilogue === "rows" && splitsRows(product, blocks);
  return { passes, unfinished };
});
