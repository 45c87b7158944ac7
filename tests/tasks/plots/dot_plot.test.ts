/**
 * Dot plots: means with their spread, beside what they are compared with.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type DotPlot, drawDotPlot } from "../../../tasks/plots/dot_plot.ts";

const PLOT: DotPlot = {
  name: "dots",
  title: "Errors <here>",
  axis: { title: "test error, %", domain: [0, 10], ticks: [0, 5, 10] },
  rows: [
    {
      name: "a",
      values: [2, 4],
      summary: { count: 2, mean: 3, deviation: Math.SQRT2 },
      other: 5,
    },
    { name: "b", values: [], word: "n/c", other: 0.5 },
  ],
  other: "published",
};

const numbers = (svg: string, pattern: RegExp) =>
  [...svg.matchAll(pattern)].map(([, number]) => Number(number));

Deno.test("drawDotPlot() has a dot for the mean and each seed, a ring, and words", () => {
  const { svg, alt } = drawDotPlot(PLOT);
  const places = numbers(svg, /<circle cx="([\d.]+)"/g);
  assertEquals(places.length, 5);
  const [ring, low, high, mean, other] = places as [number, number, number, number, number];
  assert(Math.abs((low + high) / 2 - mean) < 0.11, places.join());
  assert(low < mean && mean < high && high < ring && other < low, places.join());
  for (const part of [">n/c</text>", "Errors &lt;here&gt;</text>", "○ published</text>"]) {
    assertStringIncludes(svg, part);
  }
  assertEquals(alt, "Errors <here>. a: 3, published 5. b: n/c, published 0.5.");
});

Deno.test("drawDotPlot() writes a word behind a ring that would be in its way", () => {
  const { svg } = drawDotPlot(PLOT);
  const [, word] = /<text x="([\d.]+)"[^>]*>n\/c</.exec(svg) ?? [];
  assert(Number(word) > numbers(svg, /<circle cx="([\d.]+)"/g).at(-1)! + 4);
});

Deno.test("drawDotPlot() of one seed has no spread and says so", () => {
  const { svg } = drawDotPlot({
    ...PLOT,
    rows: [{ name: "a", values: [3], summary: { count: 1, mean: 3 }, other: 5 }],
  });
  assertEquals(numbers(svg, /<circle cx="([\d.]+)"/g).length, 2);
  assertStringIncludes(svg, "● one seed");
  assert(!/NaN|undefined/.test(svg));
});
