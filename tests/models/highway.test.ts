/**
 * Highway networks on CIFAR and on MNIST.
 */
import { assert, assertEquals } from "@std/assert";
import { highway10, highway19 } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Tensor } from "../../src/tensor.ts";
import { entries } from "../../src/tree.ts";
import { forEachDevice, runtimeOf } from "../devices.ts";
import {
  assertUnitVariances,
  countFor,
  imagesOf,
  kindsInside,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

/** The parameters of convolutions of given windows between given channels. */
const conv = (size: number, from: number, to: number) => size * size * from * to + to;

Deno.test("highway19() has the layers, sizes and parameters of the original", () => {
  const byHand = conv(3, 3, 32) + 8 * conv(3, 32, 32) + conv(3, 32, 80) + 10 * conv(3, 80, 80) +
    conv(3, 80, 128) + 10 * conv(3, 128, 128) + conv(1, 128, 100) + 1010;
  assertEquals(byHand, 2_256_838);
  assertEquals(countFor(highway19(), [1, 32, 32, 3]), byHand);
  const times = (n: number, what: string) => new Array<string>(n).fill(what);
  assertEquals(layerShapes(highway19(), [2, 32, 32, 3]), [
    "dropout 32×32×3",
    "conv 32×32×32",
    ...times(4, "highway 32×32×32"),
    "maxPool 16×16×32",
    "dropout 16×16×32",
    "conv 16×16×80",
    ...times(5, "highway 16×16×80"),
    "maxPool 8×8×80",
    "dropout 8×8×80",
    "conv 8×8×128",
    ...times(5, "highway 8×8×128"),
    "conv 8×8×100",
    "globalAvgPool 100",
    "flatten 100",
    "dropout 100",
    "dense 10",
  ]);
});

Deno.test("highway10() has the layers, sizes and parameters of the original", () => {
  const byHand = (n: number) => conv(5, 1, n) + 16 * conv(3, n, n) + 9 * n * 10 + 10;
  assertEquals([byHand(32), byHand(16)], [151_690, 38_986]);
  assertEquals(countFor(highway10(), [1, 28, 28, 1]), 151_690);
  assertEquals(countFor(highway10({ shrink: "2" }), [1, 28, 28, 1]), 38_986);
  const others = layerShapes(highway10(), [2, 28, 28, 1]).filter((s) => !s.startsWith("highway"));
  assertEquals(others, [
    "dropout 28×28×1",
    "conv 24×24×32",
    "maxPool 12×12×32",
    "dropout 12×12×32",
    "maxPool 6×6×32",
    "dropout 6×6×32",
    "maxPool 3×3×32",
    "dropout 3×3×32",
    "flatten 288",
    "dense 10",
  ]);
});

Deno.test("highway networks start with negative biases of their gates alone", async () => {
  const run = await runtimeOf("reference");
  for (
    const [net, size, channels, bias] of [[highway19, 16, 3, -2], [highway10, 28, 1, -1]] as const
  ) {
    const params = net({ shrink: "8" }).init(key(0), imagesOf(1, size, size, channels));
    const biases = entries<Tensor>(params).filter(([path]) => path.endsWith(".b"));
    const read = await run.read(biases.map(([, b]) => b)) as readonly Float32Array[];
    const gates = biases.map(([path]) => /^\[\d+\]\[1\]\.b$/.test(path));
    assert(gates.includes(true));
    read.forEach((values, i) => assert(values.every((v) => v === (gates[i] ? bias : 0))));
  }
});

Deno.test("highway networks take other activations, sizes, rates and widths", () => {
  const inside = kindsInside(highway19({ activation: "tanh", dropout: 0 }));
  assertEquals(inside.filter((kind) => kind === "tanh").length, 18);
  assertEquals(inside.includes("dropout"), false);
  assertEquals(logitsFor(highway19({ classes: 7, shrink: "16" }), [2, 5, 3, 1]), [2, 7]);
  assertEquals(logitsFor(highway10({ classes: 7, shrink: "16" }), [2, 14, 12, 3]), [2, 7]);
});

for (
  const [name, net, shape, units] of [
    ["highway19", highway19({ shrink: "4" }), [4, 16, 16, 3], 33],
    ["highway19 with maxout", highway19({ shrink: "8", activation: "maxout" }), [4, 8, 8, 3], 51],
    ["highway10", highway10({ shrink: "2" }), [4, 28, 28, 1], 18],
  ] as const
) {
  forEachDevice(
    `lsuv() brings every layer of ${name} to unit variance`,
    (run) => assertUnitVariances(run, net, shape, units),
    { devices: ["cpu"] },
  );
}
