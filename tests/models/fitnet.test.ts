/**
 * FitNets: what they are made of, and that they compute what PyTorch does.
 */
import { assertEquals, assertThrows } from "@std/assert";
import {
  ACTIVATIONS,
  countParameters,
  fitnet1,
  fitnet4,
  fitnetMnist,
  MODEL_RECORDS,
  type ModelName,
  MODELS,
} from "../../src/models/mod.ts";
import type { Layer } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import { placeholder } from "../../src/tensor.ts";
import type { Spec } from "../../src/spec.ts";
import { goldenInit } from "../golden/read.ts";

/** Two images of the sizes that a model's record says. */
function specOf(name: ModelName): Spec {
  const { height, width, channels } = MODEL_RECORDS[name].images;
  return { shape: [2, height, width, channels], dtype: "f32" };
}
const count = (layer: Layer, x: Spec) => countParameters(layer.init(key(0), x));
const kinds = (net: { readonly layers: readonly Layer[] }) => net.layers.map((l) => l.kind);

Deno.test("FitNets have as many parameters as PyTorch's", () => {
  for (const { net, activation, classes, count: expected } of goldenInit().counts) {
    const others = activation === "maxout" ? [activation] : ACTIVATIONS.slice(1);
    for (const activation of others) {
      const found = count(MODELS[net]({ activation, classes }), specOf(net));
      assertEquals(found, expected, `${net} ${activation} ${classes}`);
    }
  }
});

Deno.test("fitnet4() of 5-5-5 blocks has the parameters of the paper's table 1", () => {
  const found = (["maxout", "relu"] as const).map((activation) =>
    count(fitnet4({ activation, blocks: "5-5-5" }), specOf("fitnet4"))
  );
  assertEquals(found, [2_331_574, 1_071_542]);
});

Deno.test("every model outputs one logit per class", () => {
  for (const [name, model] of Object.entries(MODELS)) {
    const net = model({ classes: 7 }), x = specOf(name as ModelName);
    assertEquals(net(net.init(key(0), x), placeholder(x), key(1)).shape, [2, 7], name);
  }
});

Deno.test("fitnet4() drops its input, after each pooling and after the hidden layer", () => {
  const conv = (n: number) => new Array<string>(n).fill("conv");
  assertEquals(kinds(fitnet4()), [
    "dropout",
    ...conv(5),
    "maxPool",
    "dropout",
    ...conv(6),
    "maxPool",
    "dropout",
    ...conv(6),
    "globalMaxPool",
    "dropout",
    "flatten",
    "dense",
    "dropout",
    "dense",
  ]);
  assertEquals(kinds(fitnet4({ dropout: 0 })).includes("dropout"), false);
});

Deno.test("fitnet1() drops nothing unless asked, fitnetMnist() only before the classifier", () => {
  assertEquals(kinds(fitnet1()).includes("dropout"), false);
  assertEquals(kinds(fitnet1({ dropout: 0.2 })).filter((k) => k === "dropout").length, 5);
  assertEquals(kinds(fitnetMnist()).slice(-3), ["flatten", "dropout", "dense"]);
});

Deno.test("an activation follows every convolution and the hidden layer, not the classifier", () => {
  const list = kinds(fitnet1({ activation: "tanh" }));
  assertEquals(list.filter((k) => k === "tanh").length, 10);
  assertEquals(list.slice(-3), ["dense", "tanh", "dense"]);
});

Deno.test("FitNets reject activations and blocks that they do not know", () => {
  const error = assertThrows(() => fitnet1({ activation: "elu" as never }), RangeError);
  assertEquals(
    error.message,
    "fitnet: expected an activation of maxout, relu, vlrelu, tanh, sigmoid, gelu, found elu",
  );
  assertThrows(() => fitnet4({ blocks: "6-6-6" as never }), RangeError, "5-6-6 or 5-5-5");
});

Deno.test("fitnet1() and fitnet4() have as many layers where they are narrower, and the classes' outputs", () => {
  const shapes = (net: Layer, x: Spec) =>
    (net.init(key(0), x) as readonly { readonly w?: Spec }[]).flatMap(({ w }) =>
      w ? [w.shape.at(-1)!] : []
    );
  const narrow = { activation: "relu", shrink: "4", classes: 7 } as const;
  assertEquals(shapes(fitnet1(narrow), specOf("fitnet1")), [
    ...[4, 4, 4, 8, 8, 8, 12, 12, 16],
    ...[125, 7],
  ]);
  assertEquals(shapes(fitnet4(narrow), specOf("fitnet4")), [
    ...[8, 8, 8, 12, 12],
    ...new Array(6).fill(20),
    ...new Array(6).fill(32),
    ...[125, 7],
  ]);
  assertThrows(() => fitnet4({ shrink: "3" as never }), RangeError, "shrink of 1, 2, 4, 8, 16");
});
