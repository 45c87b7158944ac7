/**
 * From a product of matrices to dispatches.
 *
 * @module
 */
import { type KernelContext, type Lowered, spread } from "../../kernel.ts";
import type { Width } from "../../lowering.ts";
import { body } from "./core.ts";
import { addParts } from "./parts.ts";
import type { Product } from "./product.ts";
import { candidatesOf, groupsOf, partDepth } from "./tile.ts";

/** Lowers a product whose result is the kernel's, row by row. */
export function lowerProduct(context: KernelContext, product: Product): Lowered {
  const { sizes } = product, depth = partDepth(sizes), parts = Math.ceil(sizes.depth / depth);
  const candidates = candidatesOf(sizes, parts, context.workgroupBytes);
  const tile = context.chosenTile(product.name, candidates) ?? candidates[0];
  const groups = parts * groupsOf(sizes, tile), { columns, rows } = spread(groups);
  const wide = sizes.columns % 4 === 0 && (parts > 1 || context.wideStore);
  const store: Width = wide ? 4 : 1;
  const dispatch = {
    body: body(product, tile, { parts, partDepth: depth, store, columns, rows }),
    workgroups: [columns, rows, 1] as const,
    loads: product.operands(tile.depth).map(({ argument, width, turned }) => ({
      argument,
      width,
      ...(turned && { turned }),
    })),
  };
  if (parts === 1) return { dispatches: [{ ...dispatch, writes: { width: store } }] };
  const outputs = sizes.batch * sizes.rows * sizes.columns;
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      { ...dispatch, writes: { scratch: 0, width: store } },
      addParts(parts, outputs),
    ],
  };
}
