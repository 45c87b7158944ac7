/**
 * Tensors as text, for `console.log` and `Deno.inspect`.
 *
 * @module
 */
import { type Cells, formatCells, type Shown } from "./elements.ts";

/** Nested texts in NumPy's brackets, with blank lines between matrices. */
function bracketed(cells: Cells, indent: string): string {
  if (typeof cells === "string") return cells;
  const depth = nesting(cells), inner = indent + " ";
  const gap = depth === 1 ? " " : "\n".repeat(depth - 1) + inner;
  return `[${cells.map((each) => bracketed(each, inner)).join(gap)}]`;
}

const nesting = (cells: Cells): number => typeof cells === "string" ? 0 : 1 + nesting(cells[0]!);

/**
 * A tensor as text: type, shape, and its elements if they are in host memory.
 *
 * @param indentation Spaces in front of every line but the first.
 */
export function formatText({ spec, shape, elements }: Shown, indentation = 0): string {
  if (typeof elements === "string") return `${spec} (${elements})`;
  const indent = " ".repeat(indentation);
  const gap = shape.length > 1 ? `\n${indent}` : " ";
  return spec + gap + bracketed(formatCells(elements, shape), indent);
}
