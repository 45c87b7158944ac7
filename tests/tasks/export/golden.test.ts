/**
 * Exported nets compute in PyTorch what they compute here.
 */
import { assertEquals } from "@std/assert";
import { key } from "../../../src/random.ts";
import { encodeSafetensors, loadParams } from "../../../src/train/mod.ts";
import { buildNet, imageSpec } from "../../../tasks/models/model.ts";
import { predictLogits } from "../../../tasks/models/logits.ts";
import { fromTorch, toTorch } from "../../../tasks/export/layout.ts";
import { netSteps } from "../../../tasks/export/steps.ts";
import { EXPORTED, exported, modulePath, moduleText } from "../../golden/exports/models.ts";
import { goldenExports } from "../../golden/read.ts";
import { assertClose, forEachDevice } from "../../devices.ts";
import { preparedOf, torchTensors } from "./exported.ts";

const { nets } = goldenExports();

Deno.test("the modules that PyTorch ran are the ones that are exported now", async () => {
  assertEquals(Object.keys(nets).sort(), [...EXPORTED].sort());
  for (const name of EXPORTED) {
    assertEquals(moduleText(name), await Deno.readTextFile(modulePath(name)), name);
  }
});

for (const name of EXPORTED) {
  const model = exported(name), golden = nets[name]!, steps = netSteps(model);

  forEachDevice(`${name}: weights from PyTorch give PyTorch's logits`, async (run) => {
    const net = buildNet(model), own = fromTorch(steps, torchTensors(golden));
    const params = loadParams(encodeSafetensors(own), net.init(key(0), imageSpec(model)));
    const batches = predictLogits(
      run,
      { net, params, loss: "softmax" },
      preparedOf(model, golden),
      2,
    );
    const scores = (await Array.fromAsync(batches)).flatMap(({ logits }) => [...logits]);
    assertClose(scores, golden.scores.data, { relative: 1e-5, absolute: 1e-5 });
  }, {
    devices: name.startsWith("fitnetMnist") ? ["reference", "cpu", "webgpu"] : ["cpu", "webgpu"],
  });

  Deno.test(`${name}: weights go to PyTorch and back bit for bit`, () => {
    const torch = torchTensors(golden), own = fromTorch(steps, torch);
    assertEquals(toTorch(steps, own), torch);
    assertEquals(fromTorch(steps, toTorch(steps, own)), own);
  });
}
