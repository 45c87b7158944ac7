/**
 * Strides of views along the axes of other shapes.
 */
import { assertEquals } from "@std/assert";
import { stridesAlong } from "../../src/plan/axes.ts";
import type { View } from "../../src/shape.ts";

/** A view without zeros. */
const view = (shape: number[], strides: number[]): View => ({
  shape,
  axes: strides.map((stride, d) => ({ stride, lo: 0, hi: shape[d]!, every: 1 })),
  offset: 0,
});

Deno.test("stridesAlong() cuts the axes of a view into those of a shape", () => {
  assertEquals(stridesAlong(view([6, 4], [1, 6]), [1, 6, 4]), [0, 1, 6]);
  assertEquals(stridesAlong(view([6, 4], [4, 1]), [2, 3, 4]), [12, 4, 1]);
  assertEquals(stridesAlong(view([2, 6, 4], [24, 1, 6]), [2, 3, 2, 4]), [24, 2, 1, 6]);
  assertEquals(stridesAlong(view([5, 4], [0, 1]), [5, 2, 2]), [0, 2, 1]);
  assertEquals(stridesAlong(view([], []), [1, 1]), [0, 0]);
});

Deno.test("stridesAlong() is undefined for axes across the view's, and for views with zeros", () => {
  assertEquals(stridesAlong(view([6, 4], [1, 6]), [3, 8]), undefined);
  const padded: View = { ...view([3], [1]), axes: [{ stride: 1, lo: 1, hi: 3, every: 1 }] };
  assertEquals(stridesAlong(padded, [3]), undefined);
});

Deno.test("stridesAlong() is undefined for views with zeros between elements", () => {
  const spaced: View = { ...view([4], [1]), axes: [{ stride: 1, lo: 0, hi: 4, every: 2 }] };
  assertEquals(stridesAlong(spaced, [4]), undefined);
});
