import { assertEquals, assertThrows } from "@std/assert";
import {
  broadcastShapes,
  checkShape,
  isFlat,
  normalizeAxes,
  plainAxis,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
  type View,
} from "../src/shape.ts";

Deno.test("sizeOf() multiplies the sizes; a scalar has one element", () => {
  assertEquals([sizeOf([2, 3, 4]), sizeOf([7]), sizeOf([])], [24, 7, 1]);
});

Deno.test("stridesOf() is row-major", () => {
  assertEquals(stridesOf([2, 3, 4]), [12, 4, 1]);
  assertEquals(stridesOf([5]), [1]);
  assertEquals(stridesOf([]), []);
});

Deno.test("sameShape() compares rank and sizes", () => {
  assertEquals(sameShape([2, 3], [2, 3]), true);
  assertEquals(sameShape([2, 3], [3, 2]), false);
  assertEquals(sameShape([2], [2, 1]), false);
  assertEquals(sameShape([], []), true);
});

Deno.test("showShape() writes a list", () => {
  assertEquals([showShape([2, 3]), showShape([])], ["[2, 3]", "[]"]);
});

Deno.test("checkShape() returns a shape of integers of at least 1", () => {
  assertEquals(checkShape("f", [2, 3]), [2, 3]);
  assertEquals(checkShape("f", []), []);
});

for (const wrong of [[0], [2, -1], [1.5], [NaN], [Infinity]]) {
  Deno.test(`checkShape() rejects ${showShape(wrong)} in the caller's name`, () => {
    const text = `f: expected a shape of integers of at least 1, found ${showShape(wrong)}`;
    assertThrows(() => checkShape("f", wrong), RangeError, text);
  });
}

Deno.test("checkShape() rejects what is no list", () => {
  assertThrows(() => checkShape("f", 3 as unknown as number[]), RangeError, "found 3");
  assertThrows(() => checkShape("f", undefined as unknown as number[]), RangeError, "undefined");
});

Deno.test("broadcastShapes() follows NumPy's rule", () => {
  assertEquals(broadcastShapes("f", [2, 1, 4], [3, 1]), [2, 3, 4]);
  assertEquals(broadcastShapes("f", [], [5], [2, 1]), [2, 5]);
  assertEquals(broadcastShapes("f", []), []);
  assertEquals(broadcastShapes("f", [1], [1, 1]), [1, 1]);
});

Deno.test("broadcastShapes() rejects sizes that differ and names every shape", () => {
  assertThrows(
    () => broadcastShapes("add", [2, 3], [4, 3]),
    RangeError,
    "add: expected shapes that broadcast together, found [2, 3] and [4, 3]",
  );
  assertThrows(() => broadcastShapes("f", [2], [1], [3]), RangeError, "[2] and [1] and [3]");
});

Deno.test("normalizeAxes() sorts, counts negative axes from the end, and defaults to all axes", () => {
  assertEquals(normalizeAxes("f", [-1, 0], [2, 3, 4]), [0, 2]);
  assertEquals(normalizeAxes("f", 1, [2, 3, 4]), [1]);
  assertEquals(normalizeAxes("f", undefined, [2, 3, 4]), [0, 1, 2]);
  assertEquals(normalizeAxes("f", [], [2, 3, 4]), []);
  assertEquals(normalizeAxes("f", undefined, []), []);
});

for (const wrong of [3, -4, 0.5, NaN]) {
  Deno.test(`normalizeAxes() rejects ${wrong} for rank 3`, () => {
    const text = `f: expected axes from -3 to 2 for shape [2, 3, 4], found ${wrong}`;
    assertThrows(() => normalizeAxes("f", wrong, [2, 3, 4]), RangeError, text);
  });
}

Deno.test("normalizeAxes() shows options that are given in place of an axis", () => {
  const wrong = { axis: 1 } as unknown as number;
  const text = 'f: expected axes from -1 to 0 for shape [2], found {"axis":1}';
  assertThrows(() => normalizeAxes("f", wrong, [2]), RangeError, text);
});

Deno.test("normalizeAxes() rejects an axis given twice, even if written in two ways", () => {
  assertThrows(
    () => normalizeAxes("f", [0, -2], [2, 3]),
    RangeError,
    "each axis of shape [2, 3] once, found [0, 0]",
  );
});

const flat: View = { shape: [2, 3], axes: [plainAxis(2, 3), plainAxis(3, 1)], offset: 0 };

Deno.test("isFlat() is true for a view of every element in order", () => {
  assertEquals(isFlat(flat, 6), true);
  const ones: View = { shape: [1, 6], axes: [plainAxis(1, 0), plainAxis(6, 1)], offset: 0 };
  assertEquals(isFlat(ones, 6), true);
});

const bent: Readonly<Record<string, readonly [view: View, source: number]>> = {
  "an offset": [{ ...flat, offset: 1 }, 6],
  "a part": [flat, 7],
  "another order": [{ ...flat, axes: [plainAxis(2, 1), plainAxis(3, 2)] }, 6],
  "zeros before": [{ ...flat, axes: [plainAxis(2, 3), { ...plainAxis(3, 1), lo: 1 }] }, 6],
  "zeros after": [{ ...flat, axes: [plainAxis(2, 3), { ...plainAxis(3, 1), hi: 2 }] }, 6],
  "zeros between": [{ ...flat, axes: [plainAxis(2, 3), { ...plainAxis(3, 1), every: 2 }] }, 6],
};

for (const [what, [view, source]] of Object.entries(bent)) {
  Deno.test(`isFlat() does not hold for a view with ${what}`, () => {
    assertEquals(isFlat(view, source), false);
  });
}

Deno.test("normalizeAxes() sorts axes as numbers", () => {
  assertEquals(normalizeAxes("f", [10, 2, -1], new Array(12).fill(1)), [2, 10, 11]);
});
