import { assertEquals, AssertionError, assertThrows } from "@std/assert";
import { assertClose, assertRead, fill, filled, largest } from "./devices.ts";

Deno.test("assertClose() names the worst element, its values and how many are wrong", () => {
  const error = assertThrows(
    () => assertClose([1, 2.5, 9, 4], [1, 2, 3, 4], { relative: 0.1, absolute: 0 }, "sum"),
    AssertionError,
  );
  assertEquals(
    error.message,
    "sum: 2 of 4 elements differ by more than 0 + 0.1 · |expected|; the worst is [2]: " +
      "expected 3, found 9 (20.0 times too far)",
  );
});

Deno.test("assertClose() rejects other lengths, and NaN or infinity where a number is expected", () => {
  assertThrows(() => assertClose([1], [1, 2]), AssertionError, "expected 2 elements, found 1");
  assertThrows(() => assertClose([NaN], [1]), AssertionError, "found NaN");
  assertThrows(() => assertClose([1], [NaN]), AssertionError, "expected NaN");
  assertThrows(() => assertClose([Infinity], [1]), AssertionError, "found Infinity");
  assertThrows(() => assertClose([-Infinity], [Infinity]), AssertionError, "found -Infinity");
  assertClose([NaN, Infinity, 1 + 1e-6], [NaN, Infinity, 1]);
});

Deno.test("assertRead() allows floats to differ a little and integers not at all", () => {
  assertRead(Float32Array.of(1), [1 + 1e-6], { dtype: "f32" });
  assertThrows(() => assertRead(Int32Array.of(1000001), [1000000], { dtype: "i32" }));
});

Deno.test("fill() is deterministic per seed, and all numbers are in range", () => {
  assertEquals(fill(5, 3), fill(5, 3));
  assertEquals(fill(1000, 1).filter((v, i) => v === fill(1000, 2)[i]).length, 0);
  const wide = fill(1000, 1, 2, 6);
  assertEquals(wide.every((v) => v >= 2 && v <= 6), true);
  assertClose([wide.reduce((a, b) => a + b) / 1000], [4], { absolute: 0.15 });
  assertEquals(filled([2, 3]).shape, [2, 3]);
  assertEquals(largest([1, -3, 2]), 3);
});
