/**
 * Alignment on rows, against the elements that a view reads, one by one.
 */
import { assert, assertEquals } from "@std/assert";
import { keepsRows, readsWithinRows } from "../../src/plan/row_alignment.ts";
import { plainAxis, sizeOf, type View } from "../../src/shape.ts";

/** The element that a view reads at each index; undefined for its zeros. */
function elementsRead({ shape, axes, offset }: View): (number | undefined)[] {
  return Array.from({ length: sizeOf(shape) }, (_, index) => {
    let at = offset, rest = index;
    for (let d = shape.length - 1; d >= 0; d--) {
      const { stride, lo, hi, every } = axes[d]!, c = rest % shape[d]!;
      rest = Math.floor(rest / shape[d]!);
      if (c < lo || c >= hi || (c - lo) % every > 0) return undefined;
      at += (c - lo) / every * stride;
    }
    return at;
  });
}

/** Whether every element that is read is of the same row. */
function readsSameRows(view: View, source: number, rows: number): boolean {
  const size = sizeOf(view.shape);
  if (source % rows > 0 || size % rows > 0) return false;
  return elementsRead(view).every((at, i) =>
    at === undefined || Math.floor(at / (source / rows)) === Math.floor(i / (size / rows))
  );
}

const axis = (size: number, stride: number, bounds = {}) => ({
  ...plainAxis(size, stride),
  ...bounds,
});

/** Views with the size of their source. */
const VIEWS: readonly (readonly [View, number])[] = [
  // A value per row, repeated along it; a value per column, repeated along rows.
  [{ shape: [6, 5], axes: [axis(6, 1), axis(5, 0)], offset: 0 }, 6],
  [{ shape: [6, 5], axes: [axis(6, 0), axis(5, 1)], offset: 0 }, 5],
  [{ shape: [2, 3, 5], axes: [axis(2, 3), axis(3, 1), axis(5, 0)], offset: 0 }, 6],
  // All in order, a transpose, and a slice of each row.
  [{ shape: [6, 4], axes: [axis(6, 4), axis(4, 1)], offset: 0 }, 24],
  [{ shape: [4, 6], axes: [axis(4, 1), axis(6, 4)], offset: 0 }, 24],
  [{ shape: [6, 2], axes: [axis(6, 4), axis(2, 1)], offset: 1 }, 24],
  [{ shape: [6, 2], axes: [axis(6, 4), axis(2, 1)], offset: 3 }, 28],
  // A transpose within rows, padding within rows, and padding of rows.
  [{ shape: [3, 2, 4], axes: [axis(3, 8), axis(2, 1), axis(4, 2)], offset: 0 }, 24],
  [{ shape: [6, 6], axes: [axis(6, 4), axis(6, 1, { lo: 1, hi: 5 })], offset: 0 }, 24],
  [{ shape: [6, 7], axes: [axis(6, 4), axis(7, 1, { every: 2 })], offset: 0 }, 24],
  [{ shape: [6, 4], axes: [axis(6, 4, { lo: 1, hi: 6 }), axis(4, 1)], offset: 0 }, 24],
  [{ shape: [1, 1], axes: [axis(1, 0), axis(1, 0)], offset: 0 }, 1],
];

Deno.test("keepsRows() holds only where every element read is of the same row", () => {
  let kept = 0;
  for (const [view, source] of VIEWS) {
    for (const rows of [1, 2, 3, 4, 6, 12, 24]) {
      const found = keepsRows(view, source, rows), expected = readsSameRows(view, source, rows);
      assert(expected || !found, `${JSON.stringify(view)} of ${source} in ${rows} rows`);
      if (found) kept++;
    }
  }
  assertEquals(kept, 34);
});

Deno.test("readsWithinRows() is not so of a value that rows do not divide, or of another size", () => {
  const load = (size: number) => ({ kind: "load", slot: 0, dtype: "f32", size }) as const;
  assertEquals(readsWithinRows(load(12), 3, () => 12), true);
  assertEquals(readsWithinRows(load(10), 3, () => 10), false);
  assertEquals(readsWithinRows(load(12), 3, () => 24), false);
  assertEquals(readsWithinRows(load(10), 3, () => undefined), true);
});
