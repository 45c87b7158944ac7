/**
 * Maxout networks on CIFAR and on MNIST.
 */
import { assertEquals } from "@std/assert";
import { maxoutNet, maxoutNetMnist } from "../../src/models/mod.ts";
import { forEachDevice } from "../devices.ts";
import { assertUnitVariances, countFor, kindsOf, layerShapes, logitsFor } from "./check_net.ts";

/** The parameters of so many pieces of convolutions of given windows between given channels. */
const conv = (size: number, from: number, to: number, pieces: number) =>
  (size * size * from * to + to) * pieces;

Deno.test("maxoutNet() has the layers, sizes and parameters of the original", () => {
  const byHand = conv(8, 3, 96, 2) + conv(8, 96, 192, 2) + conv(5, 192, 192, 2) +
    (5 * 5 * 192 * 500 + 500) * 5 + 5010;
  assertEquals(byHand, 16_247_830);
  assertEquals(countFor(maxoutNet(), [1, 32, 32, 3]), byHand);
  assertEquals(layerShapes(maxoutNet(), [2, 32, 32, 3]), [
    "dropout 32×32×3",
    "conv 33×33×96",
    "maxPool 16×16×96",
    "dropout 16×16×96",
    "conv 15×15×192",
    "maxPool 7×7×192",
    "dropout 7×7×192",
    "conv 9×9×192",
    "maxPool 5×5×192",
    "dropout 5×5×192",
    "flatten 4800",
    "dense 500",
    "dropout 500",
    "dense 10",
  ]);
});

Deno.test("maxoutNetMnist() has the layers, sizes and parameters of the original", () => {
  const byHand = conv(8, 1, 48, 2) + conv(8, 48, 48, 2) + conv(5, 48, 24, 4) + 216 * 10 + 10;
  assertEquals(byHand, 418_714);
  assertEquals(countFor(maxoutNetMnist(), [1, 28, 28, 1]), byHand);
  assertEquals(layerShapes(maxoutNetMnist(), [2, 28, 28, 1]), [
    "dropout 28×28×1",
    "conv 21×21×48",
    "maxPool 10×10×48",
    "dropout 10×10×48",
    "conv 9×9×48",
    "maxPool 4×4×48",
    "dropout 4×4×48",
    "conv 6×6×24",
    "maxPool 3×3×24",
    "dropout 3×3×24",
    "flatten 216",
    "dense 10",
  ]);
});

Deno.test("maxout networks take other activations, sizes, rates and widths", () => {
  const plain = kindsOf(maxoutNet({ activation: "relu", dropout: 0 }));
  assertEquals(plain.filter((kind) => kind === "relu").length, 4);
  assertEquals(plain.includes("dropout"), false);
  assertEquals(logitsFor(maxoutNet({ classes: 7, shrink: "16" }), [2, 13, 10, 1]), [2, 7]);
  assertEquals(logitsFor(maxoutNetMnist({ classes: 3, shrink: "16" }), [2, 19, 18, 3]), [2, 3]);
});

for (
  const [name, net, shape, units] of [
    ["maxoutNet", maxoutNet({ shrink: "8" }), [4, 16, 16, 3], 12],
    ["maxoutNetMnist", maxoutNetMnist({ shrink: "4" }), [4, 28, 28, 1], 9],
  ] as const
) {
  forEachDevice(
    `lsuv() brings every piece of ${name} to unit variance`,
    (run) => assertUnitVariances(run, net, shape, units),
    { devices: ["cpu"] },
  );
}
