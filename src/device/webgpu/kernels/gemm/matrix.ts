/**
 * Matrix operands of the tiled product, and matmul.
 *
 * @module
 */
import type { KernelContext, Lowered } from "../kernel.ts";
import { lowerProduct } from "./lower.ts";
import type { GemmOperand } from "./operand.ts";
import type { Sizes } from "./tile.ts";

/**
 * A matrix [batch, edge, depth], or [batch, depth, edge] where it is contiguous along the edge.
 *
 * @param vectorized Whether the argument can be read four elements at a time.
 */
export function matrix(
  argument: 0 | 1,
  along: GemmOperand["along"],
  vectorized: boolean,
  { batch, edge, depth }: { readonly batch: number; readonly edge: number; readonly depth: number },
  transposed = false,
): GemmOperand {
  const before = (axis: number) => batch === 1 ? "" : `batch * ${axis}u + `;
  return {
    argument,
    along,
    width: vectorized && (along === "depth" ? depth : edge) % 4 === 0 ? 4 : 1,
    transposed,
    setup: (name, at, k) => [
      along === "depth"
        ? `let ${name}_at = (${before(edge)}${at}) * ${depth}u + ${k};`
        : `let ${name}_at = (${before(depth)}${k}) * ${edge}u + ${at};`,
    ],
    address: (name, _tile, depth0) => ({
      lines: [],
      when: [],
      at: along === "depth" ? `(${name}_at + ${depth0})` : `(${name}_at + ${depth0} * ${edge}u)`,
    }),
  };
}

/** matmul: [batch, m, k] × [batch, k, n] → [batch, m, n]. */
export function matmulProduct(context: KernelContext): Lowered {
  const [batch, rows, depth] = context.args[0].shape, columns = context.args[1].shape[2];
  const sizes: Sizes = { batch, rows, columns, depth };
  const [transposedA, transposedB] = context.transposed,
    [vectorizedA, vectorizedB] = context.vectorized;
  const a = matrix(
    0,
    transposedA === undefined ? "depth" : "edge",
    transposedA ?? vectorizedA,
    { batch, edge: rows, depth },
    transposedA !== undefined,
  );
  const b = matrix(
    1,
    transposedB === undefined ? "edge" : "depth",
    transposedB ?? vectorizedB,
    { batch, edge: columns, depth },
    transposedB !== undefined,
  );
  const order = (transposed: boolean | undefined) => transposed === undefined ? "" : "ᵀ";
  return lowerProduct(context, {
    sizes,
    name: `matmul ${batch}×${rows}×${depth}${order(transposedA)} ${batch}×${depth}×${columns}${
      order(transposedB)
    }`,
    operands: () => [a, b],
  });
}
