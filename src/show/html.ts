/**
 * Tensors as HTML tables, for notebooks.
 *
 * @module
 */
import { showSpec, type Tensor } from "../tensor.ts";
import { type Cells, cellsOf, shownOf } from "./elements.ts";
import { showTensor } from "./text.ts";
import type { Shape } from "../shape.ts";

/** Numbers in columns, with the spaces that align their points. */
const STYLE = "font-family:monospace;white-space:pre";

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A vector as a row, a matrix as rows, and what has more axes as tables in a table, by index. */
function tableOf(cells: Cells, [size = 0, ...rest]: Shape): string {
  if (typeof cells === "string") return cells;
  if (rest.length === 0) return `<table>${rowOf(cells)}</table>`;
  if (rest.length === 1) return `<table>${cells.map(rowOf).join("")}</table>`;
  const shown = shownOf(size);
  const row = (each: Cells, i: number) =>
    `<tr><th>${shown[i] ?? ""}</th><td>${tableOf(each, rest)}</td></tr>`;
  return `<table>${cells.map(row).join("")}</table>`;
}

const rowOf = (cells: Cells): string =>
  `<tr>${[cells].flat().map((each) => `<td>${each}</td>`).join("")}</tr>`;

/** A tensor as HTML: type and shape, and a table of its elements where the host has them. */
export function htmlOf(x: Tensor): string {
  if (!x.data) return `<code>${escaped(showTensor(x))}</code>`;
  return `<div style="${STYLE}"><code>${showSpec(x)}</code>${
    tableOf(cellsOf(x.data, x.shape), x.shape)
  }</div>`;
}
