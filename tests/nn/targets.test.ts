/**
 * Losses of numbers and labels, by hand, and labels that are no class.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import {
  binaryCrossEntropy,
  hingeLoss,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
  squaredHingeLoss,
} from "../../src/nn/mod.ts";
import { neg } from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const outputs = tensor([[1, -2, 3], [0, 100, -100]]);

Deno.test("losses of numbers are means over the outputs of each example", () => {
  const targets = tensor([[0, -2, 1], [3, 100, -100]]);
  assertClose(value(meanSquaredError(outputs, targets)), [(1 + 0 + 4) / 3, 9 / 3]);
  assertClose(value(meanAbsoluteError(outputs, targets)), [(1 + 0 + 2) / 3, 3 / 3]);
});

Deno.test("binaryCrossEntropy() is the logarithm of the odds, far out too", () => {
  const labels = tensor([[1, 0, 0], [0, 0, 1]]), soft = (x: number) => Math.log1p(Math.exp(x));
  assertClose(value(binaryCrossEntropy(outputs, labels)), [
    (soft(-1) + soft(-2) + soft(3)) / 3,
    (Math.LN2 + 100 + 100) / 3,
  ]);
});

Deno.test("a label that is no class makes a loss NaN, and no other example's", () => {
  for (const loss of [softmaxCrossEntropy, hingeLoss, squaredHingeLoss]) {
    for (const label of [3, -1]) {
      // Computed labels, which nobody can check before.
      const found = value(loss(outputs, neg(tensor([-label, -1], [2], "i32"))));
      assertEquals(found.map(Number.isNaN), [true, false], `${loss.name} of ${label}`);
    }
  }
});
