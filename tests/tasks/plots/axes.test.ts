import { assertEquals } from "@std/assert";
import { countAxis, linearAxis, logAxis } from "../../../tasks/plots/axis.ts";
import type { Point } from "../../../tasks/plots/panel.ts";
import { spread } from "../../../tasks/plots/spread.ts";
import { integerTicks, linearTicks, logTicks, tickLabels } from "../../../tasks/plots/ticks.ts";
import { geometricPoints, meanPoints } from "../../../tasks/report/figures/mean_points.ts";
import { mergeLines } from "../../../tasks/report/figures/merge_lines.ts";

Deno.test("linearTicks() have round steps within the bounds", () => {
  assertEquals(linearTicks(0, 1, 4), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assertEquals(linearTicks(0.594, 1.874, 4), [0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8]);
  assertEquals(linearTicks(32, 80, 4), [40, 50, 60, 70, 80]);
  assertEquals(linearTicks(5, 5, 4), [5]);
  assertEquals(integerTicks(1, 3, 6), [1, 2, 3]);
  assertEquals(integerTicks(1, 53, 6), [10, 20, 30, 40, 50]);
});

Deno.test("logTicks() thins out with the number of decades", () => {
  assertEquals(logTicks(0.05, 2.2), [0.05, 0.1, 0.2, 0.5, 1, 2]);
  assertEquals(logTicks(4e-4, 6e-2), [1e-3, 1e-2]);
  assertEquals(logTicks(4e-5, 3e-4), [5e-5, 1e-4, 2e-4]);
  assertEquals(logTicks(1e-4, 10), [1e-4, 1e-3, 1e-2, 0.1, 1, 10]);
  assertEquals(logTicks(1e-20, 1), [1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1]);
});

Deno.test("tickLabels() uses powers of ten for all far ticks where one is very far", () => {
  assertEquals(tickLabels([0, 0.5, 1]), ["0", "0.5", "1"]);
  assertEquals(tickLabels([-2, 20000]), ["−2", "20000"]);
  assertEquals(tickLabels([1e-4, 1e-3, 0.1, 1, 10, 1000]), [
    "10⁻⁴",
    "10⁻³",
    "0.1",
    "1",
    "10",
    "10³",
  ]);
  assertEquals(tickLabels([2e-12]), ["2·10⁻¹²"]);
});

Deno.test("countAxis() labels its start where there is room", () => {
  assertEquals(countAxis("epoch", 1, 53), {
    title: "epoch",
    domain: [1, 53],
    ticks: [1, 10, 20, 30, 40, 50],
  });
  assertEquals(countAxis("epoch", 1, 13).ticks, [2, 4, 6, 8, 10, 12]);
  assertEquals(countAxis("epoch", 1, 1), { title: "epoch", domain: [0, 2], ticks: [1] });
});

Deno.test("linearAxis() stays within the bounds, logAxis() leaves zeros out", () => {
  assertEquals(linearAxis("accuracy, %", [0, 100, NaN], [0, 100]).domain, [0, 100]);
  assertEquals(linearAxis("loss", [2, 4]).domain, [1.9, 4.1]);
  const { domain, log } = logAxis("variance", [0, 1, 100]);
  assertEquals([log, domain.map((value) => Number(value.toPrecision(4)))], [true, [0.7943, 125.9]]);
});

Deno.test("spread() moves labels apart, in order and within bounds", () => {
  assertEquals(spread([10, 50], 14, 170), [10, 50]);
  assertEquals(spread([10, 12, 11], 14, 170), [10, 38, 24]);
  assertEquals(spread([165, 170, 168], 14, 170), [142, 170, 156]);
  assertEquals(spread([50, 10, 30], 14, 170), [50, 10, 30]);
  assertEquals(spread([], 14, 170), []);
});

Deno.test("meanPoints() has the mean, and one deviation on each side of it", () => {
  assertEquals(
    meanPoints([{ x: 2, y: 5 }, { x: 1, y: 1 }, { x: 1, y: 3 }, { x: 1, y: NaN }], [0, 3]),
    [{ x: 1, y: 2, low: 2 - Math.SQRT2, high: 3 }, { x: 2, y: 5 }],
  );
});

Deno.test("mergeLines() merges lines that coincide", () => {
  const line = (name: string, color: number, y: number) => ({
    name,
    color,
    points: [{ x: 1, y }],
  });
  const [a, b, c] = [line("a", 0, 1), line("b", 1, 2), line("c", 2, 1.0001)];
  assertEquals(mergeLines([a, b, c], "before"), [{ ...a, name: "before, 2 rows" }, b]);
});

Deno.test("geometricPoints() averages logarithms", () => {
  const [first, ...rest] = geometricPoints([{ x: 1, y: 1 }, { x: 1, y: 100 }, { x: 2, y: 0 }]) as [
    Point,
    ...Point[],
  ];
  assertEquals([first.x, Number(first.y.toFixed(9)), rest.length], [1, 10, 0]);
  assertEquals(Number((first.low! * first.high!).toFixed(6)), 100);
});
