/**
 * Tensors as HTML tables, for notebooks.
 *
 * @module
 */
import type { Shape } from "../shape.ts";
import { type Cells, formatCells, type Shown, shownIndices } from "./elements.ts";
import { formatText } from "./text.ts";

/** Numbers in columns, with the spaces that align their points. */
const STYLE = "font-family:monospace;white-space:pre";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A vector as one row, a matrix as rows, and a tensor of more axes as a table of tables, by index. */
function formatTable(cells: Cells, [size = 0, ...rest]: Shape): string {
  if (typeof cells === "string") return cells;
  if (rest.length === 0) return `<table>${formatRow(cells)}</table>`;
  if (rest.length === 1) return `<table>${cells.map(formatRow).join("")}</table>`;
  const shown = shownIndices(size);
  const row = (each: Cells, i: number) =>
    `<tr><th>${shown[i] ?? ""}</th><td>${formatTable(each, rest)}</td></tr>`;
  return `<table>${cells.map(row).join("")}</table>`;
}

const formatRow = (cells: Cells): string =>
  `<tr>${[cells].flat().map((each) => `<td>${each}</td>`).join("")}</tr>`;

/** A tensor as HTML: type and shape, and a table of its elements if they are in host memory. */
export function formatHtml(x: Shown): string {
  const { spec, shape, elements } = x;
  if (typeof elements === "string") return `<code>${escaped(formatText(x))}</code>`;
  const table = formatTable(formatCells(elements, shape), shape);
  return `<div style="${STYLE}"><code>${spec}</code>${table}</div>`;
}
