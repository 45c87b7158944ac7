import { assert, assertEquals } from "@std/assert";
import * as g from "../../mod.ts";
import { buildNet } from "../../site/net/build_net.ts";
import { batchOf, drawShapes, firstIndices } from "../../site/net/images.ts";
import { type ActivationName, ACTIVATIONS, DEFAULT } from "../../site/net/setting.ts";
import { BATCH, walk } from "../../site/net/walk.ts";
import { assertClose, runtimeOf } from "../devices.ts";

const images = drawShapes(BATCH, 1).train;

for (const activation of Object.keys(ACTIVATIONS) as ActivationName[]) {
  Deno.test(`walk() ends where lsuv() does, with ${activation}`, async () => {
    const run = await runtimeOf("cpu"), setting = { ...DEFAULT, activation, depth: 5, width: 4 };
    const frames = await Array.fromAsync(walk(run, setting, images));
    assertEquals(frames.map(({ done }) => done), [0, 1, 2, 3, 4, 5]);
    const { net } = buildNet(setting), [x] = batchOf(images, firstIndices(BATCH));
    const [, report] = g.init.lsuvWithReport(net, net.init(g.key(setting.seed), x), x);
    const rows = Object.values((await run.read(report)).units);
    const mean = (values: ArrayLike<number>) =>
      Array.from(values).reduce((a, b) => a + b) / values.length;
    assertClose(frames[5]!.variances, rows.map(({ after }) => mean(after)), { relative: 1e-4 });
    assert(Math.abs(frames[0]!.variances[0]! - mean(rows[0]!.before)) < 1e-4);
    for (const { done, variances } of frames) {
      for (const variance of variances.slice(0, done)) assert(Math.abs(variance - 1) < 0.1);
    }
  });
}

Deno.test("walk() shows three channels of every convolution, and the classifier's ten outputs", async () => {
  const run = await runtimeOf("cpu"), setting = { ...DEFAULT, depth: 5, width: 4 };
  for await (const { maps } of walk(run, setting, images)) {
    assertEquals(maps.map(({ size }) => size), [[16, 16], [16, 16], [8, 8], [4, 4], [10, 1]]);
    assertEquals(maps.map(({ values }) => values.length), [768, 768, 192, 48, 10]);
  }
});
