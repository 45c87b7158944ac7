/**
 * The metrics, by hand: their parts added up over two batches, and the value of the sums.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { allCorrect, METRICS } from "../../src/nn/metrics.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose } from "../devices.ts";

type Batches = readonly (readonly [outputs: Tensor, labels: Tensor])[];

/** The value of a metric of several batches. */
function measure(name: keyof typeof METRICS, batches: Batches): number {
  const { parts, value } = METRICS[name];
  let sums: number[] = [], examples = 0;
  for (const [outputs, labels] of batches) {
    const made = parts(outputs, labels), [count, width] = made.shape as [number, number];
    const found = evaluate([made])[0]!;
    sums = Array.from(
      { length: width },
      (_, k) =>
        Array.from({ length: count }, (_, i) => found[i * width + k]!)
          .reduce((a, b) => a + b, sums[k] ?? 0),
    );
    examples += count;
  }
  return value(sums, examples);
}

const classes = (...labels: number[]) => tensor(labels, [labels.length], "i32");

Deno.test("accuracy and top5 count the examples whose class is first, or among five", () => {
  // Class 0 has one logit above it in the first example, four in the second, five in the third.
  const row = (above: number) => [0, ...Array.from({ length: 7 }, (_, i) => i < above ? 1 : -1)];
  const batches: Batches = [
    [tensor([row(1), row(4)]), classes(0, 0)],
    [tensor([row(5), row(0)]), classes(0, 0)],
  ];
  assertEquals(measure("accuracy", batches), 1 / 4);
  assertEquals(measure("top5", batches), 3 / 4);
});

/** Logits of two labels each, and the labels: 2 hits, 1 false alarm, 2 missed, 3 rightly absent. */
const LABELS: Batches = [
  [tensor([[1, -1], [2, 3]]), tensor([[1, 0], [0, 1]])],
  [tensor([[-1, -1], [-2, -2]]), tensor([[1, 0], [0, 1]])],
];

Deno.test("labelAccuracy and f1 count labels", () => {
  assertEquals(measure("labelAccuracy", LABELS), 5 / 8);
  assertClose([measure("f1", LABELS)], [2 * 2 / (2 * 2 + 3)]);
  assertEquals(
    LABELS.map(([outputs, labels]) => [...evaluate([allCorrect(outputs, labels)])[0]!]),
    [[1, 0], [0, 0]],
  );
});

Deno.test("meanAbsoluteError and rSquared compare numbers", () => {
  const batches: Batches = [
    [tensor([[1, 10], [2, 20]]), tensor([[1, 12], [4, 20]])],
    [tensor([[5, 30]]), tensor([[4, 31]])],
  ];
  assertClose([measure("meanAbsoluteError", batches)], [(0 + 2 + 2 + 0 + 1 + 1) / 6]);
  // Labels 1, 4, 4 of mean 3 and 12, 20, 31 of mean 21: sums of squares 6 and 182.
  assertClose([measure("rSquared", batches)], [((1 - 5 / 6) + (1 - 5 / 182)) / 2]);
});
