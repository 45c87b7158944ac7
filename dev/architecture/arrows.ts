/**
 * Imports between groups of files, as arrows between rows.
 *
 * @module
 */
import type { Graph } from "../floors/circles.ts";
import type { Arrow } from "./drawing.ts";

/**
 * The arrows between rows.
 *
 * @param rowOf The row of a file; −1 for none.
 */
export function arrowsBetween(graph: Graph, rowOf: (file: string) => number): Arrow[] {
  const imports = new Map<number, Map<number, number>>();
  for (const [file, targets] of graph) {
    const from = rowOf(file);
    for (const to of targets.map(rowOf)) {
      if (from < 0 || to < 0 || from === to) continue;
      const counts = imports.get(from) ?? new Map<number, number>();
      imports.set(from, counts.set(to, (counts.get(to) ?? 0) + 1));
    }
  }
  return [...imports].flatMap(([from, counts]) =>
    [...counts].map(([to, count]) => ({
      from,
      to,
      imports: count,
      implied: isImplied(from, to, imports),
    }))
  );
}

/** Whether a longer path of imports leads from one row to another. */
function isImplied(
  from: number,
  to: number,
  imports: ReadonlyMap<number, ReadonlyMap<number, number>>,
): boolean {
  const seen = new Set<number>(), next = [...imports.get(from)!.keys()].filter((row) => row !== to);
  for (let row = next.pop(); row !== undefined; row = next.pop()) {
    if (seen.has(row)) continue;
    seen.add(row);
    const reached = [...imports.get(row)?.keys() ?? []];
    if (reached.includes(to)) return true;
    next.push(...reached);
  }
  return false;
}
