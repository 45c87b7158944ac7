/**
 * The all convolutional net.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { allCnn, countParameters } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import { placeholder } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { forEachDevice } from "../devices.ts";
import { assertUnitVariances, countFor, layerShapes } from "./check_net.ts";

const IMAGES: Spec = { shape: [2, 32, 32, 3], dtype: "f32" };

Deno.test("allCnn() has the layers, sizes and parameters of the original", () => {
  const net = allCnn(), params = net.init(key(0), IMAGES), shapes: string[] = [];
  assertEquals(countParameters(params), 1_369_738);
  let y = placeholder(IMAGES);
  net.layers.forEach((layer, i) => {
    y = placeholder(layer(params[i]!, y));
    if (layer.kind !== "relu") shapes.push(`${layer.kind} ${y.shape.slice(1).join("×")}`);
  });
  assertEquals(shapes, [
    "dropout 32×32×3",
    "conv 32×32×96",
    "conv 32×32×96",
    "conv 16×16×96",
    "dropout 16×16×96",
    "conv 16×16×192",
    "conv 16×16×192",
    "conv 8×8×192",
    "dropout 8×8×192",
    "conv 6×6×192",
    "conv 6×6×192",
    "conv 6×6×10",
    "globalAvgPool 10",
    "flatten 10",
  ]);
  assertEquals(net.layers.filter(({ kind }) => kind === "relu").length, 9);
});

Deno.test("allCnn() supports other activations, classes, image sizes and dropout rates", () => {
  const kinds = (net: ReturnType<typeof allCnn>) => net.layers.map(({ kind }) => kind);
  assert(!kinds(allCnn({ dropout: 0 })).includes("dropout"));
  assertEquals(kinds(allCnn({ activation: "gelu" })).filter((kind) => kind === "gelu").length, 9);
  const small: Spec = { shape: [1, 9, 9, 1], dtype: "f32" }, net = allCnn({ classes: 100 });
  assertEquals(net(net.init(key(0), small), placeholder(small)).shape, [1, 100]);
});

/** The parameters of convolutions of given windows between given channels. */
const convs = (size: number, from: number, to: number) => size * size * from * to + to;

Deno.test("allCnn() has the parameters of each base network and of what is made of it", () => {
  const tail = convs(3, 192, 192) + convs(1, 192, 192) + convs(1, 192, 10);
  const blocks = {
    A: convs(5, 3, 96) + convs(5, 96, 192),
    B: convs(5, 3, 96) + convs(1, 96, 96) + convs(5, 96, 192) + convs(1, 192, 192),
    C: convs(3, 3, 96) + convs(3, 96, 96) + convs(3, 96, 192) + convs(3, 192, 192),
  };
  const more = convs(3, 96, 96) + convs(3, 192, 192);
  for (const family of ["A", "B", "C"] as const) {
    const count = (downsampling: "convolution" | "maxPool" | "stride" | "convPool") =>
      countFor(allCnn({ family, downsampling }), [1, 32, 32, 3]);
    const base = blocks[family] + tail;
    assertEquals([count("maxPool"), count("stride")], [base, base], family);
    assertEquals([count("convPool"), count("convolution")], [base + more, base + more], family);
  }
  assertEquals([blocks.A + tail, blocks.B + tail, blocks.C + tail], [839_242, 885_610, 954_730]);
});

Deno.test("allCnn() halves images in the four ways of its paper, and averages over 6 × 6", () => {
  const shapes = (options: Parameters<typeof allCnn>[0]) =>
    layerShapes(allCnn({ ...options, dropout: 0 }), [1, 32, 32, 3]).slice(0, -5);
  assertEquals(shapes({ family: "A", downsampling: "maxPool" }), [
    "conv 32×32×96",
    "maxPool 16×16×96",
    "conv 16×16×192",
    "maxPool 8×8×192",
  ]);
  assertEquals(shapes({ family: "B", downsampling: "stride" }), [
    "conv 32×32×96",
    "conv 16×16×96",
    "conv 16×16×192",
    "conv 8×8×192",
  ]);
  assertEquals(shapes({ family: "A", downsampling: "convPool" }), [
    "conv 32×32×96",
    "conv 32×32×96",
    "maxPool 16×16×96",
    "conv 16×16×192",
    "conv 16×16×192",
    "maxPool 8×8×192",
  ]);
  assertEquals(shapes({ family: "B" }), [
    "conv 32×32×96",
    "conv 32×32×96",
    "conv 16×16×96",
    "conv 16×16×192",
    "conv 16×16×192",
    "conv 8×8×192",
  ]);
  for (const downsampling of ["convolution", "maxPool", "stride", "convPool"] as const) {
    const tail = layerShapes(allCnn({ downsampling }), [1, 32, 32, 3]).slice(-5);
    assertEquals(tail[0], "conv 6×6×192", downsampling);
  }
});

Deno.test("allCnn() rejects base networks and ways to halve that it does not know", () => {
  assertThrows(() => allCnn({ family: "D" as never }), RangeError, "expected family A, B, C");
  const says = "allCnn: expected downsampling convolution, maxPool, stride, convPool, found none";
  assertThrows(() => allCnn({ downsampling: "none" as never }), RangeError, says);
});

forEachDevice(
  "lsuv() brings every layer of allCnn to unit variance",
  (run) => assertUnitVariances(run, allCnn(), [2, 16, 16, 3], 9),
  { devices: ["cpu", "webgpu"] },
);

for (
  const [options, units] of [
    [{ family: "A", downsampling: "maxPool" }, 5],
    [{ family: "B", downsampling: "stride" }, 7],
    [{ family: "C", downsampling: "convPool" }, 9],
  ] as const
) {
  forEachDevice(
    `lsuv() brings every layer of allCnn ${options.family} ${options.downsampling} to unit variance`,
    (run) => assertUnitVariances(run, allCnn({ ...options, shrink: "4" }), [2, 16, 16, 3], units),
    { devices: ["cpu"] },
  );
}
