import { assertEquals } from "@std/assert";
import { duration, fixed, grouped, signed } from "../../../tasks/cli/format.ts";
import { toMeasure } from "../../../tasks/experiments/measure.ts";
import { geometricMean, spreadText, summarize } from "../../../tasks/plots/statistics.ts";
import type { Cell, Results } from "../../../tasks/report/results.ts";
import {
  countsText,
  progressText,
  resultLines,
  summarizeCells,
} from "../../../tasks/report/sections/result_cell.ts";

Deno.test("summarize() has the mean and the sample standard deviation", () => {
  assertEquals(summarize([]), undefined);
  assertEquals(summarize([3]), { count: 1, mean: 3 });
  assertEquals(summarize([1, 2, 3]), { count: 3, mean: 2, deviation: 1 });
});

Deno.test("geometricMean() leaves out what has no logarithm", () => {
  assertEquals(geometricMean([0, NaN, Infinity]), undefined);
  assertEquals(geometricMean([1, 4, 0]), 2);
});

Deno.test("Map.groupBy() keeps the order, on which the rows of tables depend", () => {
  assertEquals([...Map.groupBy([3, 1, 2, 5], (n) => n % 2)], [[1, [3, 1, 5]], [0, [2]]]);
});

Deno.test("numbers are written with a true minus and no negative zero", () => {
  assertEquals([fixed(-2.345, 1), fixed(-0.001, 2), fixed(93.935, 1)], ["−2.3", "0.00", "93.9"]);
  assertEquals([signed(0.31, 2), signed(-2.7, 2), signed(0.001, 2)], ["+0.31", "−2.70", "0.00"]);
  assertEquals(spreadText({ count: 1, mean: 74.612 }), "74.61");
  assertEquals(spreadText({ count: 2, mean: 93.94, deviation: 0.118 }), "93.94 ± 0.12");
  assertEquals([grouped(1247.3), grouped(2.5), grouped(60000)], ["1,247", "2.5", "60,000"]);
});

Deno.test("durations carry into minutes and hours", () => {
  assertEquals(
    [48.31, 59.96, 750, 3599.7, 11_105].map(duration),
    ["48.3 s", "1 min 00 s", "12 min 30 s", "1 h 00 min", "3 h 05 min"],
  );
});

const cell = (seed: number, status: Cell["status"], accuracy?: number): Cell => ({
  row: "LSUV",
  column: "ReLU",
  seed,
  status,
  accuracy,
  folder: `runs/${seed}`,
});

const results = (cells: readonly Cell[], rest: Partial<Results> = {}): Results => ({
  kind: "experiment",
  title: "",
  measure: "test accuracy, %",
  rows: ["LSUV"],
  columns: ["ReLU"],
  cells,
  facts: [],
  missing: [],
  ...rest,
});

const linesOf = (whole: Results) => resultLines(whole, summarizeCells(whole, "LSUV", "ReLU"));

Deno.test("an entry is the mean over the seeds that are done, with the paper's number", () => {
  const cells = [cell(0, "done", 0.9), cell(1, "done", 0.92), cell(2, "n/c", 0.1)];
  const whole = results([...cells, cell(3, "pending")], { paper: { LSUV: { ReLU: 92.11 } } });
  const entry = summarizeCells(whole, "LSUV", "ReLU");
  assertEquals(entry.counts, { done: 2, "n/c": 1, pending: 1 });
  assertEquals(Number(entry.difference?.toFixed(9)), -1.11);
  assertEquals(linesOf(whole), [
    "91.00 ± 1.41",
    "paper 92.11 (−1.11)",
    "2 done, 1 n/c, 1 pending",
  ]);
  assertEquals(progressText(whole), "2 of 4 runs done, 1 n/c, 1 pending");
});

Deno.test("an entry without a number says why", () => {
  const paper = { LSUV: { ReLU: "n/c" } } as const;
  assertEquals(linesOf(results([cell(0, "n/c", 0.1)], { paper })), ["n/c", "paper n/c", "1 n/c"]);
  assertEquals(linesOf(results([cell(0, "failed")])), ["failed", "1 failed"]);
  assertEquals(linesOf(results([cell(0, "pending")])), ["pending", "1 pending"]);
  assertEquals(linesOf(results([], { paper: {} })), ["–", "not in the paper"]);
});

Deno.test("runs in progress count where none is done", () => {
  assertEquals(linesOf(results([cell(0, "running", 0.5)])), ["50.00", "1 in progress"]);
  const both = [cell(0, "running", 0.5), cell(1, "done", 0.75)];
  assertEquals(linesOf(results(both)), ["75.00", "1 done, 1 in progress"]);
  assertEquals(countsText(summarizeCells(results([both[1]!]), "LSUV", "ReLU")), "1 seed");
});

Deno.test("an error is 100 minus an accuracy", () => {
  assertEquals(toMeasure({ measure: "test error %" }, 0.75), 25);
  assertEquals(toMeasure({ measure: "test accuracy %" }, 0.75), 75);
});
