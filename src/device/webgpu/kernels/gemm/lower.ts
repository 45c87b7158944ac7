/**
 * Lowers a matrix product to dispatches: chooses a tile and the parts of its depth.
 *
 * @module
 */
import { splitWorkgroups } from "../entry_points.ts";
import type { KernelContext, Lowered } from "../kernel.ts";
import type { Width } from "../../wgsl/types.ts";
import { tiledMatmul } from "./tiled_matmul.ts";
import { addParts } from "./split_k.ts";
import type { Product } from "./operand.ts";
import { countGroups, dividesEvenly, partDepth, rankTiles } from "./tile.ts";

/** Lowers a product whose result, in row-major order, is the kernel's. */
export function lowerProduct(context: KernelContext, product: Product): Lowered {
  const { sizes } = product, depth = partDepth(sizes), parts = Math.ceil(sizes.depth / depth);
  const { count, inner } = context.pieces ?? { count: 1, inner: sizes.columns };
  // A vector of four columns must not cross from one piece into the next.
  const whole = count === 1 || inner % 4 === 0;
  const ofColumns = parts === 1 && count * inner === sizes.columns && whole;
  const own = ofColumns ? rankTiles(sizes, parts, context.workgroupBytes, count) : [];
  const inPieces = own.length > 0, pieces = inPieces ? count : 1;
  const candidates = inPieces ? own : rankTiles(sizes, parts, context.workgroupBytes);
  const name = pieces > 1 ? `${product.name} in ${pieces} pieces` : product.name;
  const chosen = context.chooseTile(name, candidates)!;
  const tile = chosen && dividesEvenly(chosen, pieces) ? chosen : candidates[0]!;
  const groups = parts * countGroups(sizes, tile), { columns, rows } = splitWorkgroups(groups);
  const vectorized = sizes.columns / pieces % 4 === 0 && (parts > 1 || context.vectorizedStore);
  const store: Width = vectorized ? 4 : 1;
  const dispatch = {
    ...tiledMatmul(product, tile, { parts, partDepth: depth, store, pieces, columns, rows }),
    workgroups: [columns, rows, 1] as const,
    loads: product.operands(tile.depth).map(({ argument, width, transposed }) => ({
      argument,
      width,
      ...(transposed && { transposed }),
    })),
  };
  if (parts === 1) return { dispatches: [{ ...dispatch, writes: { width: store } }], inPieces };
  const outputs = sizes.batch * sizes.rows * sizes.columns;
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [
      { ...dispatch, writes: { scratch: 0, width: store } },
      addParts(parts, outputs),
    ],
  };
}
