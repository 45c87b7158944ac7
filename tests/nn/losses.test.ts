/**
 * Losses and counts of correct predictions; their golden values are among those of ops.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { mean } from "../../src/ops/mod.ts";
import { grad } from "../../src/grad.ts";
import {
  accuracy,
  correct,
  hingeLoss,
  softmaxCrossEntropy,
  squaredError,
} from "../../src/nn/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, filled } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const labeled = (...labels: number[]) => tensor(Int32Array.from(labels));

Deno.test("softmaxCrossEntropy() of equal logits is log classes", () => {
  const logits = tensor(new Float32Array(30).fill(7), [3, 10]);
  assertClose(
    value(softmaxCrossEntropy(logits, labeled(0, 5, 9))),
    [1, 1, 1].map(() => Math.log(10)),
  );
  assertClose(value(mean(softmaxCrossEntropy(logits, labeled(0, 5, 9)))), [Math.log(10)]);
});

Deno.test("the mean of softmaxCrossEntropy() has the gradient (softmax - one-hot) / batch", () => {
  const x = filled([2, 3], 4), rows = [0, 1].map((r) => value(x).slice(3 * r, 3 * r + 3));
  const softmax = rows.map((row) => {
    const powers = row.map(Math.exp), total = powers.reduce((a, b) => a + b);
    return powers.map((p) => p / total);
  });
  const expected = softmax.flatMap((row, r) => row.map((p, c) => (p - +(c === 2 - r)) / 2));
  assertClose(
    value(grad((x: Tensor) => mean(softmaxCrossEntropy(x, labeled(2, 1))))(x)),
    expected,
  );
});

Deno.test("hingeLoss() sums what the logits of an example fall short of the margin", () => {
  const logits = tensor([[2, -0.5, 0.25], [-3, 0.5, -1]]);
  // Labels 0 and 1: 0 + 0.5 + 1.25, and 0 + 0.5 + 0.
  assertClose(value(hingeLoss(logits, labeled(0, 1))), [1.75, 0.5]);
  assertClose(value(mean(hingeLoss(logits, labeled(0, 1)))), [(1.75 + 0.5) / 2]);
  assertClose(
    value(grad((x: Tensor) => mean(hingeLoss(x, labeled(0, 1))))(logits)),
    [0, 0.5, 0.5, 0, -0.5, 0],
  );
});

Deno.test("correct() and accuracy() count the largest logits at the label, the first of equal ones", () => {
  const logits = tensor([[1, 3, 2], [5, 5, 0], [0, 1, 2], [2, 2, 2]]);
  assertEquals(value(correct(logits, labeled(1, 0, 1, 1))), [2]);
  assertEquals(value(accuracy(logits, labeled(1, 0, 1, 1))), [0.5]);
  assertEquals(value(correct(logits, tensor(Uint32Array.of(1, 0, 2, 0)))), [4]);
});

Deno.test("losses' errors name what was expected and what was found", () => {
  for (const loss of [softmaxCrossEntropy, hingeLoss, correct, accuracy]) {
    const error = assertThrows(() => loss(filled([4, 3]), labeled(0, 1, 2)), RangeError);
    assertEquals(
      error.message,
      `${loss.name}: expected logits f32[batch, classes] and labels i32[batch], ` +
        "found f32[4, 3] and i32[3]",
    );
    assertThrows(() => loss(filled([4, 3]), filled([4])), RangeError);
    assertThrows(() => loss(filled([4]), labeled(0, 1, 2, 0)), RangeError);
  }
});

Deno.test("squaredError() sums over all outputs of an example, and requires targets of the same shape", () => {
  const predictions = tensor([[[1, 2], [3, 4]], [[0, 0], [0, 0]]]);
  const targets = tensor([[[1, 0], [3, 1]], [[1, 1], [1, 2]]]);
  assertEquals(value(squaredError(predictions, targets)), [13, 7]);
  assertEquals(value(squaredError(tensor([3, 1]), tensor([1, 1]))), [4, 0]);
  for (const wrong of [tensor([[1]]), labeled(0, 1), tensor([[[1, 0], [3, 1]]])]) {
    assertThrows(
      () => squaredError(predictions, wrong),
      RangeError,
      "expected predictions and targets",
    );
  }
});
