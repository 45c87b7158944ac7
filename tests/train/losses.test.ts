import { assertThrows } from "@std/assert";
import { hingeLoss, softmaxCrossEntropy } from "../../src/nn/mod.ts";
import { mean } from "../../src/ops/mod.ts";
import { placeholder, tensor } from "../../src/tensor.ts";
import { LOSSES, lossOf } from "../../src/train/losses.ts";
import { assertClose, filled, forEachDevice } from "../devices.ts";

forEachDevice("LOSSES have the means that the losses of a batch have", async (run) => {
  const scores = filled([5, 7], 1, -4, 4), labels = tensor([0, 6, 3, 3, 1], [5], "i32");
  const [a, b, c, d] = await run.read([
    mean(LOSSES.softmax(scores, labels)),
    softmaxCrossEntropy(scores, labels),
    mean(LOSSES.hinge(scores, labels)),
    hingeLoss(scores, labels),
  ]);
  assertClose([...a, ...c], [...b, ...d], { relative: 1e-5 });
});

Deno.test("lossOf() says what it expected of scores, labels and the loss", () => {
  const scores = placeholder({ shape: [4, 3], dtype: "f32" }),
    labels = placeholder({ shape: [4], dtype: "i32" });
  const few = placeholder({ shape: [3], dtype: "i32" });
  assertThrows(
    () => lossOf(LOSSES.softmax, scores, few),
    RangeError,
    "expected scores f32[batch, classes] and labels i32[batch], found f32[4, 3] and i32[3]",
  );
  assertThrows(
    () => lossOf(softmaxCrossEntropy, scores, labels),
    RangeError,
    "expected a loss an image, f32[4], found f32[]; use one of LOSSES",
  );
});
