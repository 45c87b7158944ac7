/**
 * Means and deviations of runs, and axes of values that are not finite.
 */
import { assert, assertEquals } from "@std/assert";
import { linearAxis, logAxis } from "../../../tasks/plots/axis.ts";
import { linearTicks } from "../../../tasks/plots/ticks.ts";
import { geometricMean, spreadText, summarize } from "../../../tasks/plots/statistics.ts";

Deno.test("summarize() has the deviation of a sample, none of a single run", () => {
  assertEquals(summarize([]), undefined);
  assertEquals(summarize([3]), { count: 1, mean: 3 });
  assertEquals(summarize([1, 2, 6]), { count: 3, mean: 3, deviation: Math.sqrt(14 / 2) });
  assertEquals(spreadText(summarize([1, 3])!), "2.00 ± 1.41");
});

Deno.test("geometricMean() leaves out what has no logarithm", () => {
  assert(Math.abs(geometricMean([2, 8, 0, -1, NaN, Infinity])! - 4) < 1e-12);
  assertEquals(geometricMean([0, -1]), undefined);
});

Deno.test("axes are those of the finite values, within their bounds", () => {
  const { domain, ticks } = linearAxis("accuracy", [0.01, 0.99, NaN, Infinity, -Infinity], [0, 1]);
  assertEquals(domain, [0, 1]);
  assert(ticks.every((tick) => tick >= 0 && tick <= 1), `${ticks}`);
  const log = logAxis("variance", [1e-3, 10, 0, NaN, Infinity]).domain;
  assert(log[0] > 1e-4 && log[1] < 100, `${log}`);
});

Deno.test("linearTicks() are multiples of 1, 2 or 5 times a power of ten", () => {
  assertEquals(linearTicks(0, 20, 4), [0, 5, 10, 15, 20]);
  assertEquals(linearTicks(0, 4, 4), [0, 1, 2, 3, 4]);
  assertEquals(linearTicks(0.1, 0.9, 4), [0.2, 0.4, 0.6, 0.8]);
  assertEquals(linearTicks(-30, 10, 4), [-30, -20, -10, 0, 10]);
});
