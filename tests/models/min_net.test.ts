/**
 * Batch-normalized maxout networks in network on CIFAR and on MNIST.
 */
import { assertEquals } from "@std/assert";
import { minNet, minNetMnist } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import { forEachDevice } from "../devices.ts";
import {
  assertUnitVariances,
  countFor,
  imagesOf,
  kindsOf,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

/** The trained parameters of convolutions, with two numbers a channel of batch normalization. */
const conv = (size: number, from: number, to: number, pieces: number) =>
  (size * size * from + 3) * to * pieces;

/** The running statistics of convolutions of given channels. */
const statistics = (...channels: readonly number[]) => 2 * channels.reduce((a, b) => a + b);

Deno.test("minNet() has the layers, sizes and parameters of the original", () => {
  const byHand = conv(5, 3, 192, 1) + conv(1, 192, 160, 5) + conv(1, 160, 96, 5) +
    conv(5, 96, 192, 1) + 2 * conv(1, 192, 192, 5) + conv(3, 192, 192, 1) +
    conv(1, 192, 192, 5) + conv(1, 192, 10, 5);
  assertEquals(byHand, 1_614_294);
  const moving = statistics(192, 800, 480, 192, 960, 960, 192, 960, 50);
  assertEquals(countFor(minNet(), [1, 32, 32, 3]), byHand + moving);
  assertEquals(layerShapes(minNet(), [2, 32, 32, 3]), [
    "conv 32×32×192",
    "batchNorm 32×32×192",
    "conv 32×32×800",
    "batchNorm 32×32×800",
    "maxout 32×32×160",
    "conv 32×32×480",
    "batchNorm 32×32×480",
    "maxout 32×32×96",
    "avgPool 16×16×96",
    "dropout 16×16×96",
    "conv 16×16×192",
    "batchNorm 16×16×192",
    "conv 16×16×960",
    "batchNorm 16×16×960",
    "maxout 16×16×192",
    "conv 16×16×960",
    "batchNorm 16×16×960",
    "maxout 16×16×192",
    "avgPool 8×8×192",
    "dropout 8×8×192",
    "conv 8×8×192",
    "batchNorm 8×8×192",
    "conv 8×8×960",
    "batchNorm 8×8×960",
    "maxout 8×8×192",
    "conv 8×8×50",
    "batchNorm 8×8×50",
    "maxout 8×8×10",
    "globalAvgPool 10",
    "flatten 10",
  ]);
});

Deno.test("minNetMnist() has nine convolutions of 447K weights", () => {
  const params = minNetMnist().init(key(0), imagesOf(1, 28, 28, 1));
  const weights = entries<Tensor>(params).filter(([path]) => path.endsWith(".w"));
  assertEquals(weights.length, 9);
  assertEquals(weights.reduce((n, [, { size }]) => n + size, 0), 447_296);
  const trained = 447_296 + 3 * (128 + 480 + 240) * 2 + 3 * (128 + 480 + 50);
  assertEquals(trained, 454_358);
  const moving = statistics(128, 480, 240, 128, 480, 240, 128, 480, 50);
  assertEquals(countFor(minNetMnist(), [1, 28, 28, 1]), trained + moving);
});

Deno.test("MIN takes other activations, sizes, rates and widths", () => {
  const plain = kindsOf(minNet({ activation: "relu", dropout: 0 }));
  assertEquals(plain.filter((kind) => kind === "relu").length, 6);
  assertEquals(plain.includes("maxout") || plain.includes("dropout"), false);
  assertEquals(logitsFor(minNet({ classes: 7, shrink: "16" }), [2, 9, 6, 1]), [2, 7]);
  assertEquals(logitsFor(minNetMnist({ classes: 7, shrink: "16" }), [2, 7, 7, 3]), [2, 7]);
});

for (
  const [name, net, shape] of [
    ["minNet", minNet({ shrink: "8" }), [4, 16, 16, 3]],
    ["minNetMnist", minNetMnist({ shrink: "8" }), [4, 14, 14, 1]],
  ] as const
) {
  forEachDevice(
    `lsuv() brings every layer of ${name} to unit variance`,
    (run) => assertUnitVariances(run, net, shape, 9),
    { devices: ["cpu"] },
  );
}
