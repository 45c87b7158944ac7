/**
 * The VGG-like net for CIFAR.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { vggCifar } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import {
  assertUnitVariances,
  countFor,
  dropTenths,
  kindsOf,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

Deno.test("vggCifar() has the parameters of the original", () => {
  const conv = (from: number, to: number) => 9 * from * to + to;
  const convolutions = [[3, 64], [64, 64], [64, 128], [128, 128], [128, 256], [256, 256], [
    256,
    256,
  ]]
    .concat([[256, 512]], new Array(5).fill([512, 512]));
  const weights = convolutions.reduce((n, [from, to]) => n + conv(from!, to!), 0) +
    513 * 512 + 513 * 10;
  assertEquals(weights, 14_982_474);
  assertEquals(countFor(vggCifar({ batchnorm: "no" }), [1, 32, 32, 3]), weights);
  const channels = convolutions.reduce((n, [, to]) => n + to!, 0) + 512;
  // A factor and an offset for each channel, and two running statistics.
  assertEquals(weights + 2 * channels, 14_991_946);
  assertEquals(countFor(vggCifar(), [1, 32, 32, 3]), weights + 4 * channels);
});

Deno.test("vggCifar() has the layers, sizes and dropout of the original", async () => {
  const block = (n: number, side: number, channels: number, after: number) => {
    const size = `${side}×${side}×${channels}`, one = [`conv ${size}`, `batchNorm ${size}`];
    const inner = new Array(n - 1).fill([...one, `dropout ${size}`]).flat();
    return [...inner, ...one, `maxPool ${after}×${after}×${channels}`];
  };
  assertEquals(layerShapes(vggCifar(), [2, 32, 32, 3]), [
    ...block(2, 32, 64, 16),
    ...block(2, 16, 128, 8),
    ...block(3, 8, 256, 4),
    ...block(3, 4, 512, 2),
    ...block(3, 2, 512, 1),
    ...["flatten 512", "dropout 512", "dense 512", "batchNorm 512", "dropout 512", "dense 10"],
  ]);
  assertEquals(await dropTenths(vggCifar()), [3, 4, 4, 4, 4, 4, 4, 4, 5, 5]);
});

Deno.test("vggCifar() supports other activations, small and odd images, and no dropout", () => {
  const net = vggCifar({ shrink: "8", activation: "maxout", dropout: 0, classes: 7 });
  assertEquals(logitsFor(net, [2, 3, 37, 1]), [2, 7]);
  assertEquals([kindsOf(net).includes("dropout"), kindsOf(net).includes("relu")], [false, false]);
  assertEquals(kindsOf(net).filter((kind) => kind === "batchNorm").length, 14);
  const says = "vggCifar: expected batchnorm yes or no, found maybe";
  assertThrows(() => vggCifar({ batchnorm: "maybe" as never }), RangeError, says);
});

for (const batchnorm of ["yes", "no"] as const) {
  Deno.test(`vggCifar() with batchnorm ${batchnorm} has gradients that agree with differences`, () => {
    const net = vggCifar({ batchnorm, shrink: "16", classes: 5 });
    assertGradient(net, [2, 32, 32, 3], 5);
    assertGradient(net, [3, 32, 32, 3], 5, key(3));
  });

  forEachDevice(
    `lsuv() brings every layer of vggCifar with batchnorm ${batchnorm} to unit variance`,
    (run) => assertUnitVariances(run, vggCifar({ batchnorm, shrink: "8" }), [16, 32, 32, 3], 15),
    { devices: ["cpu"] },
  );
}
