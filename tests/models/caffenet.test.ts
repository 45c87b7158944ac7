/**
 * CaffeNet.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { caffenet } from "../../src/models/mod.ts";
import type { Weights } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import { open } from "../../src/runtime/mod.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import {
  assertUnitVariances,
  countFor,
  dropTenths,
  imagesOf,
  kindsOf,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

const IMAGENET = [1, 227, 227, 3];

Deno.test("caffenet() has the parameters of the original", () => {
  const conv = (size: number, from: number, to: number) => size * size * from * to + to;
  const byHand = conv(11, 3, 96) + conv(5, 48, 256) + conv(3, 256, 384) + conv(3, 192, 384) +
    conv(3, 192, 256) + conv(6, 256, 4096) + conv(1, 4096, 4096) + conv(1, 4096, 1000);
  assertEquals(byHand, 60_965_224);
  assertEquals(countFor(caffenet({ classes: 1000 }), IMAGENET), byHand);
});

Deno.test("caffenet() has the layers, sizes and dropout of the original", async () => {
  assertEquals(layerShapes(caffenet({ classes: 1000 }), IMAGENET), [
    ...["conv 55×55×96", "maxPool 27×27×96", "lrn 27×27×96"],
    ...["conv 27×27×256", "maxPool 13×13×256", "lrn 13×13×256"],
    ...["conv 13×13×384", "conv 13×13×384", "conv 13×13×256", "maxPool 6×6×256", "flatten 9216"],
    ...["dense 4096", "dropout 4096", "dense 4096", "dropout 4096", "dense 1000"],
  ]);
  assertEquals(await dropTenths(caffenet()), [5, 5]);
});

Deno.test("caffenet() starts with the biases of the original", async () => {
  await using run = await open({ device: "reference" });
  const net = caffenet({ shrink: "8" });
  const params = net.init(key(0), imagesOf(1, 67, 67, 3)) as readonly Weights[];
  const biases = await run.read(net.layers.flatMap(({ unit }, i) => unit ? [params[i]!.b] : []));
  assertEquals((biases as readonly Float32Array[]).map(([b]) => b), [0, 1, 0, 1, 1, 1, 1, 0]);
});

Deno.test("caffenet() supports small images, maxout and no dropout", () => {
  assertEquals(logitsFor(caffenet({ shrink: "16", classes: 7 }), [2, 39, 67, 1]), [2, 7]);
  const small = caffenet({ stem: "small", shrink: "16", activation: "maxout", dropout: 0 });
  assertEquals(logitsFor(small, [2, 8, 32, 3]), [2, 10]);
  assertEquals(kindsOf(small).includes("dropout"), false);
  const says = "caffenet: expected stem imagenet or small, found tiny";
  assertThrows(() => caffenet({ stem: "tiny" as never }), RangeError, says);
});

Deno.test("caffenet() has gradients that agree with differences", () => {
  assertGradient(caffenet({ shrink: "16", classes: 5 }), [2, 67, 67, 3], 5);
  assertGradient(caffenet({ shrink: "16", classes: 5, stem: "small" }), [2, 13, 13, 3], 5);
});

forEachDevice("lsuv() brings every layer of caffenet to unit variance", async (run) => {
  await assertUnitVariances(run, caffenet({ shrink: "8" }), [16, 67, 67, 3], 8);
}, { devices: ["cpu"] });
