/**
 * Tensors as text, for `console.log` and `Deno.inspect`.
 *
 * @module
 */
import { isHole, isStored, showSpec, type Tensor } from "../tensor.ts";
import { type Cells, cellsOf } from "./elements.ts";

/** What a tensor is whose elements the host does not have. */
function unread(x: Tensor): string {
  if (isHole(x)) return "a hole: its elements come later";
  if (isStored(x)) return "on a device: run.read gives its elements";
  if (x.op.name === "constant") return `all ${x.attrs.value}`;
  const of = x.args.length > 0 ? ` of ${x.args.map(showSpec).join(", ")}` : "";
  return `lazy, ${x.op.name}${of}: run.read computes it`;
}

/** Nested texts in NumPy's brackets; blank lines part matrices. */
function bracketed(cells: Cells, indent: string): string {
  if (typeof cells === "string") return cells;
  const depth = depthOf(cells), inner = indent + " ";
  const gap = depth === 1 ? " " : "\n".repeat(depth - 1) + inner;
  return `[${cells.map((each) => bracketed(each, inner)).join(gap)}]`;
}

const depthOf = (cells: Cells): number => typeof cells === "string" ? 0 : 1 + depthOf(cells[0]!);

/**
 * A tensor as text: type, shape, and its elements where the host has them.
 *
 * @param indentation Spaces in front of every line but the first.
 */
export function showTensor(x: Tensor, indentation = 0): string {
  if (!x.data) return `${showSpec(x)} (${unread(x)})`;
  const indent = " ".repeat(indentation);
  const gap = x.shape.length > 1 ? `\n${indent}` : " ";
  return showSpec(x) + gap + bracketed(cellsOf(x.data, x.shape), indent);
}
