/**
 * The blocked matrix product under every kernel that multiplies:
 *
 * out[b, r, c] (+)= Σ block, line, step: left[b, r, block, line, step] · right[b, block, line, step, c]
 *
 * by strides, with columns in panels. Each element is one chain of multiply-adds over blocks, lines and
 * steps in order, so that its bits depend neither on tiles nor on the instructions that compute them.
 *
 * @module
 */
import type { Features } from "../../features.ts";
import type { KernelContext } from "../../kernel.ts";
import { VECTOR_SETS } from "../../native/mod.ts";
import { nativePanelColumns } from "../../native/product_code.ts";
import type { Func } from "../../wasm/function.ts";
import type { ProductExtents, ProductPointers, ProductShape } from "./shape.ts";
import { multiplyNatively } from "./native.ts";
import { multiplyPortably } from "./portable.ts";

export { type Extent, pushExtent } from "./shape.ts";
export type { ProductExtents, ProductPointers, ProductShape } from "./shape.ts";

/** Columns of a panel. */
export const panelColumns = ({ native, wide }: Features): number =>
  native ? nativePanelColumns(VECTOR_SETS[native]) : wide ? 16 : 8;

/**
 * Emits code that multiplies; the pointers keep their values. No element is read or written that is not
 * part of the product, so operands and results need no padding. A call costs about 20 ns.
 */
export function multiply(
  f: Func,
  { module, features }: Pick<KernelContext, "module" | "features">,
  shape: ProductShape,
  pointers: ProductPointers,
  extents: ProductExtents,
) {
  if (module.multiply) return multiplyNatively(f, module.multiply, shape, pointers, extents);
  const panel = panelColumns(features);
  multiplyPortably(f, { module, features, panel }, shape, pointers, extents);
}
