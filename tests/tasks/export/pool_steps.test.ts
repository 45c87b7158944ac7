/**
 * The exported steps of average pooling.
 */
import { assertEquals } from "@std/assert";
import * as nn from "../../../src/nn/mod.ts";
import { placeholder } from "../../../src/tensor.ts";
import { avgPoolSteps } from "../../../tasks/export/pool_steps.ts";
import { Names } from "../../../tasks/export/step.ts";

/** How PyTorch has a layer. */
function torchOf(layer: nn.Layer): string {
  const x = placeholder({ shape: [1, 7, 7, 2], dtype: "f32" });
  const place = { name: "pool1", names: new Names(), path: "0", params: [], flattened: [] };
  return avgPoolSteps({ ...place, layer, x, y: layer([], x) })[0]!.torch;
}

Deno.test("average pooling that leaves padding out is exported as such", () => {
  const options = { stride: 2, padding: 1 };
  assertEquals(torchOf(nn.avgPool(3, options)), "nn.AvgPool2d(3, 2, padding=1)");
  assertEquals(
    torchOf(nn.avgPool(3, { ...options, countPadding: false })),
    "nn.AvgPool2d(3, 2, padding=1, count_include_pad=False)",
  );
});
