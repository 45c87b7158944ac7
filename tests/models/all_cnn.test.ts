/**
 * The all convolutional net.
 */
import { assert, assertEquals } from "@std/assert";
import { allCnn, countParameters } from "../../src/models/mod.ts";
import { key, normal } from "../../src/random.ts";
import { placeholder } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { forEachDevice } from "../devices.ts";
import { initialized, measured } from "../init/nets.ts";

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

forEachDevice("lsuv() brings every layer of allCnn to unit variance", async (run) => {
  const net = allCnn(), x = normal(key(1), [2, 16, 16, 3]);
  const params = run.jit((k: ReturnType<typeof key>) => net.init(k, x))(key(0));
  const [scaled, rows] = await initialized(run, net.layers, params, x);
  assertEquals(rows.length, 9);
  assert(rows.every((row) => row.converged));
  const found = await measured(run, net.layers, scaled, x);
  assert(found.every((v) => Math.abs(v - 1) < 0.1), `variances ${found}`);
}, { devices: ["cpu", "webgpu"] });
