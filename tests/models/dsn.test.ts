/**
 * Deeply supervised nets on CIFAR and on MNIST.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { dsn, dsnMnist, nin } from "../../src/models/mod.ts";
import { trainingPass } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import { placeholder } from "../../src/tensor.ts";
import { forEachDevice } from "../devices.ts";
import { assertUnitVariances, countFor, imagesOf, kindsOf, logitsFor } from "./check_net.ts";

Deno.test("dsn() has the layers and parameters of the original", () => {
  const sides = 10 * 192 * (32 * 32 + 16 * 16 + 8 * 8) + 30;
  assertEquals(countFor(dsn(), [1, 32, 32, 3]), 966_986 + sides);
  assertEquals(966_986 + sides, 3_547_496);
  assertEquals(countFor(dsn({ companions: "off" }), [1, 32, 32, 3]), 966_986);
  assertEquals(kindsOf(dsn()).slice(0, 7), [
    "conv",
    "companion",
    "relu",
    "conv",
    "relu",
    "conv",
    "relu",
  ]);
  assertEquals(kindsOf(dsn()).slice(-3), ["conv", "globalAvgPool", "flatten"]);
  const trunk = kindsOf(dsn()).filter((kind) => kind !== "companion");
  assertEquals(trunk, kindsOf(nin()).toSpliced(-3, 1));
});

Deno.test("dsnMnist() has the trunk of ninMnist and a companion on each of its blocks", () => {
  const sides = 10 * (28 * 28 * 96 + 14 * 14 * 128 + 7 * 7 * 128) + 30;
  assertEquals([countFor(dsnMnist(), [1, 28, 28, 1]), sides], [349_674 + sides, 1_066_270]);
  assertEquals(countFor(dsnMnist({ companions: "off" }), [1, 28, 28, 1]), 349_674);
});

Deno.test("dsn() has the outputs of its companions in training, with their weight", () => {
  const net = dsn({ shrink: "16", classes: 7, companionWeight: 0.25 }), x = imagesOf(2, 9, 6, 1);
  const { output, sides } = trainingPass(net, net.init(key(0), x), placeholder(x), key(1));
  assertEquals(output.shape, [2, 7]);
  assertEquals(sides.map(({ weight, output: { shape } }) => [weight, ...shape]), [
    [0.25, 2, 7],
    [0.25, 2, 7],
    [0.25, 2, 7],
  ]);
  assertEquals(logitsFor(net, [2, 9, 6, 1]), [2, 7]);
  const message = "dsn: expected companions on or off, found some";
  assertThrows(() => dsn({ companions: "some" as never }), RangeError, message);
});

for (
  const [name, net, shape, units] of [
    ["dsn", dsn({ shrink: "4" }), [4, 16, 16, 3], 12],
    ["dsn with maxout", dsn({ shrink: "8", activation: "maxout" }), [4, 16, 16, 3], 21],
    ["dsnMnist", dsnMnist({ shrink: "4" }), [4, 14, 14, 1], 12],
  ] as const
) {
  forEachDevice(
    `lsuv() brings every layer of ${name}, companions too, to unit variance`,
    (run) => assertUnitVariances(run, net, shape, units),
    { devices: ["cpu"] },
  );
}
