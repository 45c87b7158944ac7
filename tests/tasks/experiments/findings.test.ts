/**
 * What experiments measure beside accuracies: overheads, plateaus, and accuracy by second.
 */
import { assert, assertEquals } from "@std/assert";
import { originalStds } from "../../../tasks/experiments/catalogue/figure2/original_init.ts";
import { type EndedRun, findingText, median } from "../../../tasks/experiments/findings/finding.ts";
import { measureOverhead } from "../../../tasks/experiments/findings/overhead.ts";
import { firstBelow, measurePlateau } from "../../../tasks/experiments/findings/plateau.ts";
import { measureReach } from "../../../tasks/experiments/findings/reach.ts";
import { secondsTable } from "../../../tasks/experiments/seconds.ts";
import { recordOf } from "./record.ts";

const BATCH = 10, STEPS = 20;

/** A run with the images per second, accuracies and losses of its epochs. */
function ended(
  row: string,
  { speeds = [100], accuracies = speeds.map(() => 0.5), losses = [], initSeconds = 0 }: {
    speeds?: readonly number[];
    accuracies?: readonly number[];
    losses?: readonly number[];
    initSeconds?: number;
  },
  column = "ReLU",
): EndedRun {
  const epochs = speeds.map((imagesPerSecond, i) => ({
    epoch: i + 1,
    step: STEPS * (i + 1),
    trainLoss: 1,
    trainAccuracy: 0.5,
    testLoss: 1,
    testAccuracy: accuracies[i]!,
    seconds: BATCH * STEPS / imagesPerSecond,
    imagesPerSecond,
  }));
  const steps = losses.map((loss, i) => ({ step: 5 * (i + 1), epoch: 1, loss, epochLoss: loss }));
  const manifest = {
    settings: { batch: BATCH },
    model: { classes: "10" },
    initialisation: { initSeconds },
  };
  const run = { name: row, manifest, epochs, steps, lsuv: [], layers: [], missing: [] };
  return { row, column, seed: 0, run };
}

Deno.test("median() is the middle one, or between the two in the middle", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 2, 3]), median([])], [2, 2.5, undefined]);
});

Deno.test("measureOverhead() compares medians and the fastest, without first epochs where there are others", () => {
  const overhead = { of: "it", with: ["a", "b"], without: ["c"], paper: 30 };
  const found = measureOverhead(overhead, ["ReLU", "tanh"], [
    ended("a", { speeds: [1, 50, 40] }),
    ended("b", { speeds: [2, 25] }),
    ended("c", { speeds: [3, 100, 50, 100] }),
    ended("a", { speeds: [80] }, "tanh"),
  ]);
  assertEquals(found.head, ["", "without", "with", "overhead %", "fastest %", "paper"]);
  assertEquals(found.lines, [["ReLU", 2, 5, 150, 100, 30], ["tanh", null, 2.5, null, null, 30]]);
  const [, head, line, other] = findingText(found).split("\n");
  assertEquals(head!.trim().split(/ {2,}/), found.head.slice(1));
  assertEquals(line!.split(/ {2,}/), ["ReLU", "2", "5", "150", "100", "30"]);
  assertEquals(other!.split(/ {2,}/), ["tanh", "–", "2.5", "–", "–", "30"]);
});

Deno.test("firstBelow() takes means over five rows, or fewer at the start", () => {
  const { run: { steps } } = ended("a", { losses: [4, 4, 1, 1, 1, 1, 1] });
  assertEquals([firstBelow(steps, 2.51), firstBelow(steps, 1.61), firstBelow(steps, 1)], [
    20,
    30,
    undefined,
  ]);
});

Deno.test("measurePlateau() says how long the loss stays flat, and who leads since when", () => {
  const record = { rows: ["slow", "fast", "never", "absent"], columns: ["ReLU"] };
  const found = measurePlateau({ below: 0.98, paper: { slow: 0.5 } }, record, [
    ended("slow", { losses: [2.3, 2.3, 2.2, 0.1] }),
    ended("fast", { losses: [2.2, 2.1, 2, 1.9] }),
    ended("never", { losses: [2.3, 2.3, 2.3, 2.3] }),
  ]);
  const rounded = found.lines.map((line) => [
    ...line.slice(0, -1),
    typeof line.at(-1) === "number" ? Number((line.at(-1) as number).toFixed(3)) : null,
  ]);
  assertEquals(rounded, [
    ["slow", "ReLU", 20, 1, 0.5, 1.725],
    ["fast", "ReLU", 5, 0.25, null, 2.05],
    ["never", "ReLU", "never", null, null, 2.3],
    ["absent", "ReLU", null, null, null, null],
  ]);
  assertEquals(
    found.notes.at(-1),
    "ReLU: the least training loss at the end is that of slow, since step 15.",
  );
});

Deno.test("measureReach() gives the median step of a row and column, as a grid", () => {
  const record = { rows: ["fast", "slow", "absent"], columns: ["ReLU", "tanh"] };
  const { head, lines, map } = measureReach({ below: 0.5 }, record, [
    ended("fast", { losses: [1.1, 1] }),
    ended("fast", { losses: [1.4, 1.2, 0.1] }),
    ended("slow", { losses: [2, 2, 0, 0] }),
    ended("slow", { losses: [2, 2, 2] }, "tanh"),
  ]);
  assertEquals(head, ["", "ReLU", "tanh"]);
  assertEquals(lines, [
    ["fast", 10, null],
    ["slow", 20, "never"],
    ["absent", null, null],
  ]);
  assertEquals(map, { rows: record.rows, columns: record.columns, less: "faster" });
});

Deno.test("secondsTable() has the accuracy of the last epoch that had ended", () => {
  const table = secondsTable(recordOf(), [
    ended("LSUV", { speeds: [100, 100], accuracies: [0.25, 0.5], initSeconds: 4 }),
    ended("Xavier", { speeds: [50, 100, 100], accuracies: [0.1, 0.2, 0.3] }),
  ]);
  const lines = table.split("\n").map((line) => line.trim().split(/ {2,}/));
  assertEquals(lines[0], ["ReLU: test accuracy % by second of initialization and training"]);
  assertEquals(lines.slice(1), [
    ["seconds", "LSUV", "Xavier"],
    ["1", "–", "–"],
    ["2", "–", "–"],
    ["3", "–", "–"],
    ["4", "–", "10.00"],
    ["5", "–", "10.00"],
    ["6", "25.00", "20.00"],
    ["7", "25.00", "20.00"],
    ["8", "50.00", "30.00"],
    [""],
  ]);
});

Deno.test("originalStds() are CaffeNet's at its own size, and keep the gain of each layer at others", () => {
  const published = [0.01, 0.01, 0.01, 0.01, 0.01, 0.005, 0.005, 0.01];
  assertEquals(originalStds(1, 227), published);
  const small = originalStds(4, 67);
  assertEquals(small.slice(0, 5), [0.01, 0.02, 0.02, 0.02, 0.02]);
  // One position of 64 channels in place of 36 of 256.
  assert(Math.abs(small[5]! - 0.005 * 12) < 1e-12);
  assertEquals(small.slice(6), [0.01, 0.02]);
});
