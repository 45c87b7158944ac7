/**
 * Lowers matrix products to dispatches: chooses a tile and the parts of their depth.
 *
 * @module
 */
import { store as storeAccessor } from "../accessors.ts";
import { perElement, splitWorkgroups } from "../entry_points.ts";
import type { Dispatch, KernelContext, Lowered } from "../kernel.ts";
import type { Width } from "../../wgsl/types.ts";
import { tiledMatmul } from "./tiled_matmul.ts";
import { addParts } from "./split_k.ts";
import type { Product } from "./operand.ts";
import {
  countGroups,
  depthOfParts,
  dividesEvenly,
  partDepth,
  rankTiles,
  type Tile,
} from "./tile.ts";

/** Lowers a product whose result, in row-major order or in the layout it has, is the kernel's. */
export const lowerProduct = (context: KernelContext, product: Product): Lowered =>
  lowerProducts(context, [product]);

/**
 * Lowers products whose results are the rows of the kernel's; one tile is chosen for all, by the sizes of
 * the first, which is the deepest.
 */
export function lowerProducts(
  context: KernelContext,
  products: readonly Product[],
): Lowered {
  const { sizes, result, name: own } = products[0]!;
  const parts = sizes.depth > 0 ? Math.ceil(sizes.depth / partDepth(sizes)) : 1;
  const { count, inner } = context.pieces ?? { count: 1, inner: sizes.columns };
  // A vector of four columns must not cross from one piece into the next.
  const whole = count === 1 || inner % 4 === 0;
  const ofColumns = parts === 1 && !result && count * inner === sizes.columns && whole;
  const split = ofColumns ? rankTiles(sizes, parts, context.workgroupBytes, count) : [];
  const inPieces = split.length > 0, pieces = inPieces ? count : 1;
  const candidates = inPieces ? split : rankTiles(sizes, parts, context.workgroupBytes);
  const chosen = context.chooseTile(pieces > 1 ? `${own} in ${pieces} pieces` : own, candidates)!;
  const tile = chosen && dividesEvenly(chosen, pieces) ? chosen : candidates[0]!;
  const vectorized = sizes.columns / pieces % 4 === 0 && (parts > 1 || context.vectorizedStore);
  const outputs = products.reduce((sum, { sizes: s }) => sum + s.batch * s.rows * s.columns, 0);
  const layout = { tile, parts, pieces, outputs, store: (vectorized ? 4 : 1) as Width };
  const writes = { width: layout.store, ...(parts > 1 && { scratch: 0 }) };
  const dispatches = products.map((product): Dispatch => ({
    ...lowerOne(product, layout),
    writes,
  }));
  if (parts === 1) return { dispatches, inPieces };
  return {
    scratch: [{ size: parts * outputs }],
    dispatches: [...dispatches, addParts(parts, outputs)],
  };
}

/** What all products of a kernel have in common. */
interface Layout {
  readonly tile: Tile;
  readonly parts: number;
  readonly pieces: number;
  readonly outputs: number;
  readonly store: Width;
}

function lowerOne(product: Product, layout: Layout): Omit<Dispatch, "writes"> {
  const { sizes } = product, { tile, parts, pieces, outputs, store } = layout;
  if (sizes.depth === 0) return { ...zeros(product, layout), loads: [] };
  const { columns, rows } = splitWorkgroups(parts * countGroups(sizes, tile));
  const depth = depthOfParts(sizes.depth, parts);
  return {
    ...tiledMatmul(product, tile, {
      parts,
      partDepth: depth,
      store,
      pieces,
      outputs,
      columns,
      rows,
    }),
    workgroups: [columns, rows, 1],
    loads: product.operands(tile.depth).map(({ argument, width, transposed }) => ({
      argument,
      width,
      ...(transposed && { transposed }),
    })),
  };
}

/** Stores zeros in the rows of a product. */
function zeros(
  { sizes: { rows, columns, batch }, result }: Product,
  { parts, outputs, store: width }: Layout,
): Pick<Dispatch, "entry" | "workgroups"> {
  const across = batch * columns / width, zero = width === 4 ? "vec4<f32>()" : "0.0";
  return perElement(
    parts * rows * across,
    `  let line = i / ${across}u;
  let part = line / ${rows}u;
  let row = line - part * ${rows}u;
  ${storeAccessor(width)}(part * ${outputs / width}u + ${
      result?.row?.("row") ?? "row"
    } * ${across}u + i - line * ${across}u, ${zero});`,
  );
}
