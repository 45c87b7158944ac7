/**
 * Losses and counts of right answers; their golden values are among those of ops.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { grad } from "../../src/grad.ts";
import { accuracy, correct, hingeLoss, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, filled } from "../devices.ts";

const value = (x: Tensor): number[] => [...evaluate([x])[0]!];
const labelled = (...labels: number[]) => tensor(Int32Array.from(labels));

Deno.test("softmaxCrossEntropy() of equal scores is log classes", () => {
  const scores = tensor(new Float32Array(30).fill(7), [3, 10]);
  assertClose(value(softmaxCrossEntropy(scores, labelled(0, 5, 9))), [Math.log(10)]);
});

Deno.test("softmaxCrossEntropy() has the gradient (softmax - one-hot) / batch", () => {
  const x = filled([2, 3], 4), rows = [0, 1].map((r) => value(x).slice(3 * r, 3 * r + 3));
  const softmax = rows.map((row) => {
    const powers = row.map(Math.exp), total = powers.reduce((a, b) => a + b);
    return powers.map((p) => p / total);
  });
  const expected = softmax.flatMap((row, r) => row.map((p, c) => (p - +(c === 2 - r)) / 2));
  assertClose(value(grad((x: Tensor) => softmaxCrossEntropy(x, labelled(2, 1)))(x)), expected);
});

Deno.test("hingeLoss() sums what scores fall short of the margin, over the batch", () => {
  const scores = tensor([[2, -0.5, 0.25], [-3, 0.5, -1]]);
  // Labels 0 and 1: 0 + 0.5 + 1.25, and 0 + 0.5 + 0.
  assertClose(value(hingeLoss(scores, labelled(0, 1))), [(1.75 + 0.5) / 2]);
  assertClose(
    value(grad((x: Tensor) => hingeLoss(x, labelled(0, 1)))(scores)),
    [0, 0.5, 0.5, 0, -0.5, 0],
  );
});

Deno.test("correct() and accuracy() count the largest scores at the label, the first of equal ones", () => {
  const scores = tensor([[1, 3, 2], [5, 5, 0], [0, 1, 2], [2, 2, 2]]);
  assertEquals(value(correct(scores, labelled(1, 0, 1, 1))), [2]);
  assertEquals(value(accuracy(scores, labelled(1, 0, 1, 1))), [0.5]);
  assertEquals(value(correct(scores, tensor(Uint32Array.of(1, 0, 2, 0)))), [4]);
});

Deno.test("losses say what they expected and what they found", () => {
  for (const loss of [softmaxCrossEntropy, hingeLoss, correct, accuracy]) {
    const error = assertThrows(() => loss(filled([4, 3]), labelled(0, 1, 2)), RangeError);
    assertEquals(
      error.message,
      `${loss.name}: expected scores f32[batch, classes] and labels i32[batch], ` +
        "found f32[4, 3] and i32[3]",
    );
    assertThrows(() => loss(filled([4, 3]), filled([4])), RangeError);
    assertThrows(() => loss(filled([4]), labelled(0, 1, 2, 0)), RangeError);
  }
});
