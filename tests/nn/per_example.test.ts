import { assertThrows } from "@std/assert";
import { perExample } from "../../src/nn/losses.ts";
import { LOSSES, softmaxCrossEntropy, squaredError } from "../../src/nn/mod.ts";
import { mean, oneHot, softmax } from "../../src/ops/mod.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";

forEachDevice("perExample() accepts any per-example loss", async (run) => {
  const logits = filled([5, 3], 1, -4, 4), labels = tensor([0, 2, 1, 1, 0], [5], "i32");
  const brier = (logits: Tensor, labels: Tensor) =>
    squaredError(softmax(logits, -1), oneHot(labels, logits.shape[1]!));
  const found = await run.read(perExample(brier, logits, labels));
  const rows = await run.read(softmax(logits, -1));
  const expected = [0, 2, 1, 1, 0].map((label, i) =>
    [0, 1, 2].reduce((sum, c) => sum + (rows[3 * i + c]! - Number(c === label)) ** 2, 0)
  );
  assertClose(found, expected, { relative: 1e-5 });
});

forEachDevice("perExample() is the mean over all axes but the batch", async (run) => {
  const logits = filled([3, 2, 5, 4], 1, -4, 4),
    labels = tensor(
      Int32Array.from({ length: 30 }, (_, i) => i * 7 % 4),
      [3, 2, 5],
    );
  const [found, each] = await run.read([
    perExample(LOSSES.softmax, logits, labels),
    softmaxCrossEntropy(logits, labels),
  ]);
  const means = [0, 1, 2].map((n) =>
    [...each].slice(10 * n, 10 * n + 10).reduce((sum, x) => sum + x, 0) / 10
  );
  assertClose(found, means, { relative: 1e-5 });
});

Deno.test("perExample()'s errors name the expected logits, labels and loss", () => {
  const logits = placeholder({ shape: [4, 3], dtype: "f32" }),
    labels = placeholder({ shape: [4], dtype: "i32" });
  const few = placeholder({ shape: [3], dtype: "i32" });
  assertThrows(
    () => perExample(LOSSES.softmax, logits, few),
    RangeError,
    "expected logits f32[..., classes] and labels i32[...] or f32[..., classes] of the same leading axes, " +
      "found f32[4, 3] and i32[3]",
  );
  assertThrows(
    () => perExample((...both) => mean(softmaxCrossEntropy(...both)), logits, labels),
    RangeError,
    "expected a per-example loss, f32[4, ...], found f32[]; leave the mean out",
  );
});
