/**
 * The residual nets for CIFAR.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { resnet20, resnet56 } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import { assertUnitVariances, countFor, kindsInside, layerShapes, logitsFor } from "./check_net.ts";

Deno.test("resnet20() and resnet56() have the parameters of the originals", () => {
  /** Of a net with n units a stage: weights, and what batch normalization adds for each channel. */
  const byHand = (n: number, perChannel: number) => {
    const conv = (from: number, to: number) => 9 * from * to + perChannel * to;
    const stage = (from: number, to: number) => conv(from, to) + (2 * n - 1) * conv(to, to);
    return conv(3, 16) + stage(16, 16) + stage(16, 32) + stage(32, 64) + 65 * 10;
  };
  // A factor and an offset, which are trained, and two running statistics.
  assertEquals([byHand(3, 2), byHand(9, 2)], [269_722, 853_018]);
  assertEquals(countFor(resnet20(), [1, 32, 32, 3]), byHand(3, 4));
  assertEquals(countFor(resnet56(), [1, 32, 32, 3]), byHand(9, 4));
  assertEquals(countFor(resnet20({ batchnorm: "no" }), [1, 32, 32, 3]), byHand(3, 1));
});

Deno.test("resnet20() has the layers and sizes of the original", () => {
  const units = (size: string) => new Array<string>(3).fill(`residualUnit ${size}`);
  assertEquals(layerShapes(resnet20(), [2, 32, 32, 3]), [
    ...["conv 32×32×16", "batchNorm 32×32×16", ...units("32×32×16")],
    ...units("16×16×32"),
    ...[...units("8×8×64"), "globalAvgPool 64", "dense 10"],
  ]);
  const kinds = kindsInside(resnet56());
  const count = (kind: string) => kinds.filter((k) => k === kind).length;
  assertEquals(["conv", "batchNorm", "relu", "dense"].map(count), [55, 55, 55, 1]);
});

Deno.test("resnet20() supports other activations, odd images and dropout", () => {
  const net = resnet20({ shrink: "4", activation: "maxout", dropout: 0.1, classes: 7 });
  assertEquals(logitsFor(net, [2, 5, 9, 1]), [2, 7]);
  assertEquals(kindsInside(net).slice(-3), ["globalAvgPool", "dropout", "dense"]);
  assertEquals(kindsInside(resnet20({ batchnorm: "no" })).includes("batchNorm"), false);
  const says = "resnet20: expected batchnorm yes or no, found on";
  assertThrows(() => resnet20({ batchnorm: "on" as never }), RangeError, says);
});

for (const batchnorm of ["yes", "no"] as const) {
  Deno.test(`resnet20() with batchnorm ${batchnorm} has gradients that agree with differences`, () => {
    const net = resnet20({ batchnorm, shrink: "4", classes: 5 });
    assertGradient(net, [2, 7, 9, 3], 5);
    assertGradient(net, [3, 7, 9, 3], 5, key(3));
  });

  forEachDevice(
    `lsuv() brings every layer of resnet20 with batchnorm ${batchnorm} to unit variance`,
    (run) => assertUnitVariances(run, resnet20({ batchnorm, shrink: "2" }), [8, 16, 16, 3], 20),
    { devices: ["cpu"] },
  );
}
