import { assert, assertEquals, assertThrows } from "@std/assert";
import { Downsampled } from "../../../tasks/live/downsampled.ts";

/** Counts how many numbers a point stands for, and keeps their sum. */
type Sum = readonly [count: number, sum: number];
const sum = (a: Sum, b: Sum): Sum => [a[0] + b[0], a[1] + b[1]];

Deno.test("a downsampled series keeps all samples up to its limit", () => {
  const series = new Downsampled<Sum>(4, sum);
  assertEquals([1, 2, 3, 4].map((n) => series.add([1, n])), [false, false, false, false]);
  assertEquals(series.points, [[1, 1], [1, 2], [1, 3], [1, 4]]);
});

Deno.test("beyond its limit a series has half the points, each merged from two, and says so", () => {
  const series = new Downsampled<Sum>(4, sum);
  const changed = [1, 2, 3, 4, 5, 6, 7].map((n) => series.add([1, n]));
  assertEquals(changed, [false, false, false, false, true, false, false]);
  assertEquals(series.points, [[2, 3], [2, 7], [2, 11], [1, 7]]);
});

Deno.test("a million samples never take more than the limit, and none is lost", () => {
  const series = new Downsampled<Sum>(1200, sum), count = 1_000_000;
  let most = 0;
  for (let n = 0; n < count; n++) {
    series.add([1, 1]);
    most = Math.max(most, series.points.length);
  }
  assertEquals(most, 1200);
  assert(series.points.length >= 600);
  assertEquals(series.points.reduce(sum), [count, count]);
  const counts = new Set(series.points.slice(0, -1).map(([each]) => each));
  assertEquals(counts.size, 1);
  assertEquals(Math.log2([...counts][0]!) % 1, 0);
});

Deno.test("a merged sample does not count towards the resolution of the last point", () => {
  const series = new Downsampled<Sum>(2, sum);
  for (const n of [1, 2, 3]) series.add([1, n]);
  series.mergeLast([1, 10]);
  series.add([1, 4]);
  assertEquals(series.points, [[2, 3], [3, 17]]);
});

Deno.test("a limit must be even", () => {
  assertThrows(
    () => new Downsampled<Sum>(5, sum),
    RangeError,
    "Downsampled: expected an even limit above 0, found 5",
  );
});
