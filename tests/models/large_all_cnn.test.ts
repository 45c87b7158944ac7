/**
 * The large all convolutional net.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { largeAllCnn } from "../../src/models/mod.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import { assertUnitVariances, countFor, kindsOf, layerShapes, logitsFor } from "./check_net.ts";

/** The parameters of convolutions of given windows between given channels. */
const conv = (size: number, from: number, to: number) => size * size * from * to + to;

Deno.test("largeAllCnn() has the layers, sizes and parameters of the original", () => {
  const stages = [320, 640, 960, 1280, 1600].map((n, i, all) =>
    conv(2, all[i - 1] ?? 3, n) + 2 * conv(2, n, n)
  );
  const byHand = stages.reduce((a, b) => a + b) + conv(2, 1600, 1920) + conv(1, 1920, 1920) +
    conv(1, 1920, 10);
  assertEquals(byHand, 77_455_690);
  assertEquals(countFor(largeAllCnn(), [1, 126, 126, 3]), byHand);
  const shapes = layerShapes(largeAllCnn(), [1, 126, 126, 3]);
  const sides = shapes.filter((s) => s.startsWith("conv")).map((s) => Number(s.match(/\d+/)![0]));
  assertEquals(sides, [125, 124, 62, 61, 60, 30, 29, 28, 14, 13, 12, 6, 5, 4, 2, 1, 1, 1]);
  assertEquals(
    layerShapes(largeAllCnn({ dropout: 0 }), [1, 126, 126, 3]).slice(-6),
    [
      "conv 4×4×1600",
      "conv 2×2×1600",
      "conv 1×1×1920",
      "conv 1×1×1920",
      "conv 1×1×10",
      "globalAvgPool 10",
      "flatten 10",
    ].slice(-6),
  );
  assertEquals(kindsOf(largeAllCnn()).filter((kind) => kind === "dropout").length, 10);
});

Deno.test("largeAllCnn() centers small images, and takes large ones as they are", () => {
  assertEquals(layerShapes(largeAllCnn(), [1, 32, 32, 3])[0], "centered 126×126×3");
  const three = largeAllCnn({ stages: "3", shrink: "16", classes: 7 });
  assertEquals(layerShapes(three, [1, 32, 32, 3])[0], "centered 32×32×3");
  assertEquals(layerShapes(three, [1, 31, 5, 3])[0], "centered 31×30×3");
  assertEquals(logitsFor(three, [2, 5, 40, 1]), [2, 7]);
  const message = "largeAllCnn: expected stages 3, 5, found 4";
  assertThrows(() => largeAllCnn({ stages: "4" as never }), RangeError, message);
});

Deno.test("largeAllCnn() has the gradient that differences in float64 show", () => {
  const net = largeAllCnn({ stages: "3", shrink: "16", classes: 3, dropout: 0 });
  assertGradient(net, [2, 21, 32, 1], 3);
});

forEachDevice(
  "lsuv() brings every layer of largeAllCnn to unit variance",
  (run) => assertUnitVariances(run, largeAllCnn({ stages: "3", shrink: "16" }), [4, 32, 32, 3], 12),
  { devices: ["cpu"] },
);
