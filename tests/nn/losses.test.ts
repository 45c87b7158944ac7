/**
 * Losses and counts of correct predictions; their golden values are among those of ops.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { mean, oneHot, reshape, sum } from "../../src/ops/mod.ts";
import { grad } from "../../src/grad.ts";
import {
  accuracy,
  correct,
  hingeLoss,
  smoothLabels,
  softenedCrossEntropy,
  softmaxCrossEntropy,
  squaredError,
  squaredHingeLoss,
} from "../../src/nn/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";
import { assertSlope } from "./differences.ts";

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
  const soft = [softmaxCrossEntropy, correct, accuracy];
  for (const loss of [...soft, hingeLoss, squaredHingeLoss]) {
    const error = assertThrows(() => loss(filled([4, 3]), labeled(0, 1, 2)), RangeError);
    assertEquals(
      error.message,
      `${loss.name}: expected logits f32[..., classes] and labels i32[...]` +
        `${soft.includes(loss) ? " or f32[..., classes]" : ""} of the same leading axes, ` +
        "found f32[4, 3] and i32[3]",
    );
    assertThrows(() => loss(filled([4, 3]), filled([4])), RangeError);
    assertThrows(() => loss(filled([4]), labeled(0, 1, 2, 0)), RangeError);
    assertThrows(() => loss(filled([4, 3]), filled([4, 2])), RangeError);
    assertThrows(
      () => loss(filled([2, 2, 3]), tensor([[0, 1], [3, 0]], [2, 2], "i32")),
      RangeError,
    );
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

/** Losses of logits and integer labels. */
const BY_LABEL = { softmaxCrossEntropy, hingeLoss, squaredHingeLoss } as const;

for (const [name, loss] of Object.entries(BY_LABEL)) {
  forEachDevice(`${name}() of any leading axes is that of rows`, async (run) => {
    for (const leading of [[], [1], [7], [2, 3], [3, 1, 2, 5]]) {
      const count = leading.reduce((n, d) => n * d, 1);
      const labels = tensor(Int32Array.from({ length: count }, (_, i) => i * 3 % 5), leading);
      const logits = filled([...leading, 5], 3, -2, 2);
      const rows = loss(reshape(logits, [count, 5]), reshape(labels, [count]));
      const [found, expected] = await run.read([loss(logits, labels), rows]);
      assertEquals(loss(logits, labels).shape, leading);
      assertClose(found, expected, { relative: 1e-6 }, leading.join());
    }
  });
}

forEachDevice(
  "softmaxCrossEntropy() of probabilities is the mean of those of labels",
  async (run) => {
    const logits = filled([3, 2, 4], 1, -3, 3), labels = labeled(0, 3, 1, 2, 0, 3);
    const hard = reshape(softmaxCrossEntropy(reshape(logits, [6, 4]), labels), [3, 2]);
    const targets = reshape(oneHot(labels, 4), [3, 2, 4]);
    const [found, expected] = await run.read([softmaxCrossEntropy(logits, targets), hard]);
    assertClose(found, expected, { relative: 1e-6 });
    const never = tensor([[-Infinity, 1, 2]]),
      [each] = await run.read([
        softmaxCrossEntropy(never, tensor([[0, 0.25, 0.75]])),
      ]);
    const total = Math.log(Math.exp(1) + Math.exp(2));
    assertClose(each, [total - 0.25 - 1.5], { relative: 1e-6 });
  },
);

Deno.test("softmaxCrossEntropy() of probabilities has the gradients of its logits and of them", () => {
  const logits = filled([2, 3], 4, -2, 2), targets = filled([2, 3], 5, 0.1, 1);
  assertSlope(([x, t]) => sum(softmaxCrossEntropy(x!, t!)), [logits, targets]);
  const sure = tensor([[1, 0, 0], [0, 0.5, 0.5]]);
  assertSlope(([x]) => sum(softmaxCrossEntropy(x!, sure)), [logits]);
});

Deno.test("squaredHingeLoss() sums squares, smoothly at the margin", () => {
  const logits = tensor([[2, -0.5, 0.25], [-3, 0.5, -1]]);
  assertClose(value(squaredHingeLoss(logits, labeled(0, 1))), [0.25 + 1.5625, 0.25]);
  assertSlope(([x]) => sum(squaredHingeLoss(x!, labeled(0, 1))), [filled([2, 3], 7, -2, 2)]);
});

Deno.test("softenedCrossEntropy() teaches the net alone, least where both agree", () => {
  const logits = filled([2, 3], 4, -2, 2), teacher = filled([2, 3], 5, -2, 2);
  assertSlope(([x]) => sum(softenedCrossEntropy(x!, teacher, 3)), [logits]);
  const loss = (x: Tensor, t: Tensor) => sum(softenedCrossEntropy(x, t, 2));
  assertEquals(value(grad((t: Tensor) => loss(logits, t))(teacher)), [0, 0, 0, 0, 0, 0]);
  assertClose(value(grad((x: Tensor) => loss(x, teacher))(teacher)), [0, 0, 0, 0, 0, 0]);
  for (const temperature of [0, -1, NaN, Infinity]) {
    assertThrows(() => softenedCrossEntropy(logits, teacher, temperature), RangeError, "above 0");
  }
  assertThrows(() => softenedCrossEntropy(logits, filled([2, 4]), 1), RangeError, "of one shape");
});

Deno.test("smoothLabels() are probabilities that add up to 1", () => {
  assertClose(value(smoothLabels(labeled(0, 2), 3, 0.3)), [0.8, 0.1, 0.1, 0.1, 0.1, 0.8]);
  assertEquals(smoothLabels(tensor([[0], [1]], [2, 1], "i32"), 2, 0).shape, [2, 1, 2]);
  assertThrows(() => smoothLabels(labeled(0), 3, 1), RangeError, "smoothLabels: expected a rate");
});

Deno.test("correct() and accuracy() take any leading axes, and probabilities", () => {
  const logits = tensor([[[1, 3], [5, 4]], [[0, 1], [2, 2]]]);
  const labels = tensor([[1, 1], [1, 0]], [2, 2], "i32");
  assertEquals(value(correct(logits, labels)), [3]);
  assertEquals(value(accuracy(logits, labels)), [0.75]);
  const targets = tensor([[[0.2, 0.8], [0.9, 0.1]], [[0.6, 0.4], [0.5, 0.5]]]);
  assertEquals(value(accuracy(logits, targets)), [0.75]);
});
