/**
 * Network in network on CIFAR and on MNIST.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { nin, ninMnist } from "../../src/models/mod.ts";
import { forEachDevice } from "../devices.ts";
import { assertUnitVariances, countFor, kindsOf, layerShapes, logitsFor } from "./check_net.ts";

/** The parameters of convolutions of given windows between given channels. */
const conv = (size: number, from: number, to: number) => size * size * from * to + to;

Deno.test("nin() has the layers, sizes and parameters of the original", () => {
  const byHand = conv(5, 3, 192) + conv(1, 192, 160) + conv(1, 160, 96) +
    conv(5, 96, 192) + 2 * conv(1, 192, 192) + conv(3, 192, 192) + conv(1, 192, 192);
  assertEquals(byHand + conv(1, 192, 10), 966_986);
  assertEquals(countFor(nin(), [1, 32, 32, 3]), 966_986);
  assertEquals(countFor(nin({ classes: 100 }), [1, 32, 32, 3]), byHand + conv(1, 192, 100));
  assertEquals(layerShapes(nin(), [2, 32, 32, 3]), [
    "conv 32×32×192",
    "conv 32×32×160",
    "conv 32×32×96",
    "maxPool 16×16×96",
    "dropout 16×16×96",
    "conv 16×16×192",
    "conv 16×16×192",
    "conv 16×16×192",
    "maxPool 8×8×192",
    "dropout 8×8×192",
    "conv 8×8×192",
    "conv 8×8×192",
    "conv 8×8×10",
    "globalAvgPool 10",
    "flatten 10",
  ]);
  assertEquals(kindsOf(nin()).slice(-4), ["conv", "relu", "globalAvgPool", "flatten"]);
});

Deno.test("ninMnist() has the layers, sizes and parameters of the original", () => {
  const byHand = conv(5, 1, 96) + conv(1, 96, 64) + conv(1, 64, 48) +
    2 * (conv(5, 48, 128) + conv(1, 128, 96)) + conv(1, 96, 48) + conv(1, 96, 10);
  assertEquals(byHand, 349_674);
  assertEquals(countFor(ninMnist(), [1, 28, 28, 1]), 349_674);
  const pools = layerShapes(ninMnist(), [2, 28, 28, 1]).filter((s) => s.startsWith("maxPool"));
  assertEquals(pools, ["maxPool 14×14×48", "maxPool 7×7×48"]);
});

Deno.test("nin() takes other activations, sizes, rates and widths", () => {
  assertEquals(kindsOf(nin({ dropout: 0 })).includes("dropout"), false);
  assertEquals(kindsOf(nin({ activation: "tanh" })).filter((k) => k === "tanh").length, 9);
  assertEquals(logitsFor(nin({ classes: 7, shrink: "8" }), [2, 9, 6, 1]), [2, 7]);
  assertEquals(layerShapes(nin({ shrink: "16" }), [1, 32, 32, 3])[1], "conv 32×32×10");
  const message = "nin: expected shrink of 1, 2, 4, 8, 16, found 3";
  assertThrows(() => nin({ shrink: "3" as never }), RangeError, message);
});

for (
  const [name, net, shape, units] of [
    ["nin", nin({ shrink: "4" }), [4, 16, 16, 3], 9],
    ["nin with maxout", nin({ shrink: "8", activation: "maxout" }), [4, 16, 16, 3], 18],
    ["ninMnist", ninMnist({ shrink: "4" }), [4, 14, 14, 1], 9],
  ] as const
) {
  forEachDevice(
    `lsuv() brings every layer of ${name} to unit variance`,
    (run) => assertUnitVariances(run, net, shape, units),
    { devices: ["cpu"] },
  );
}
