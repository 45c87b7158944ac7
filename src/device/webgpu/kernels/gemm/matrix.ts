/**
 * Operands that are matrices, and their products.
 *
 * @module
 */
import type { KernelContext, Lowered } from "../kernel.ts";
import { lowerProduct } from "./lower.ts";
import type { Operand } from "./operand.ts";
import type { Sizes } from "./tile.ts";

/**
 * A matrix [batch, edge, depth], or [batch, depth, edge] where its neighbours are along the edge.
 *
 * @param wide Whether the argument can be read four elements at a time.
 */
export function matrix(
  argument: 0 | 1,
  along: Operand["along"],
  wide: boolean,
  { batch, edge, depth }: { readonly batch: number; readonly edge: number; readonly depth: number },
  turned = false,
): Operand {
  const before = (axis: number) => batch === 1 ? "" : `batch * ${axis}u + `;
  return {
    argument,
    along,
    width: wide && (along === "depth" ? depth : edge) % 4 === 0 ? 4 : 1,
    turned,
    setup: (name, at, k) => [
      along === "depth"
        ? `let ${name}_at = (${before(edge)}${at}) * ${depth}u + ${k};`
        : `let ${name}_at = (${before(depth)}${k}) * ${edge}u + ${at};`,
    ],
    place: (name, _tile, depth0) => ({
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
  const [turnedA, turnedB] = context.turned, [wideA, wideB] = context.wide;
  const a = matrix(
    0,
    turnedA === undefined ? "depth" : "edge",
    turnedA ?? wideA,
    { batch, edge: rows, depth },
    turnedA !== undefined,
  );
  const b = matrix(
    1,
    turnedB === undefined ? "edge" : "depth",
    turnedB ?? wideB,
    { batch, edge: columns, depth },
    turnedB !== undefined,
  );
  const order = (turned: boolean | undefined) => turned === undefined ? "" : "ᵀ";
  return lowerProduct(context, {
    sizes,
    name: `matmul ${batch}×${rows}×${depth}${order(turnedA)} ${batch}×${depth}×${columns}${
      order(turnedB)
    }`,
    operands: () => [a, b],
  });
}
