/**
 * The exported steps of pooling.
 */
import { assertEquals, assertThrows } from "@std/assert";
import * as nn from "../../../src/nn/mod.ts";
import { placeholder } from "../../../src/tensor.ts";
import { TaskError } from "../../../tasks/cli/command.ts";
import { avgPoolSteps, maxPoolSteps } from "../../../tasks/export/pool_steps.ts";
import { Names, type ToSteps } from "../../../tasks/export/step.ts";

/** How PyTorch has a layer. */
function torchOf(toSteps: ToSteps, layer: nn.Layer): string {
  const x = placeholder({ shape: [1, 7, 7, 2], dtype: "f32" });
  const place = { name: "pool1", names: new Names(), path: "0", params: [], flattened: [] };
  return toSteps({ ...place, layer, x, y: layer([], x) })[0]!.torch;
}

Deno.test("average pooling that leaves padding out is exported as such", () => {
  const options = { stride: 2, padding: 1 };
  assertEquals(torchOf(avgPoolSteps, nn.avgPool(3, options)), "nn.AvgPool2d(3, 2, padding=1)");
  assertEquals(
    torchOf(avgPoolSteps, nn.avgPool(3, { ...options, countPadding: false })),
    "nn.AvgPool2d(3, 2, padding=1, count_include_pad=False)",
  );
});

Deno.test("pooling over windows of any shape is exported as far as PyTorch has it", () => {
  assertEquals(
    torchOf(
      maxPoolSteps,
      nn.maxPool([3, 2], { stride: [1, 2], padding: [1, 0], dilation: [1, 3] }),
    ),
    "nn.MaxPool2d((3, 2), (1, 2), padding=(1, 0), dilation=(1, 3))",
  );
  const faults: [ToSteps, nn.Layer, string][] = [
    [avgPoolSteps, nn.avgPool(2, { dilation: 2 }), "average pooling in 0 without dilation"],
    [maxPoolSteps, nn.maxPool(3, { padding: [[0, 1], [0, 0]] }), "padded alike on both sides"],
  ];
  for (const [toSteps, layer, text] of faults) {
    assertThrows(() => torchOf(toSteps, layer), TaskError, text);
  }
});
