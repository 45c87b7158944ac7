/**
 * The highway MLP, of any depth.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { highwayMlp } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import type { Tensor } from "../../src/tensor.ts";
import { forEachDevice } from "../devices.ts";
import {
  assertUnitVariances,
  countFor,
  imagesOf,
  kindsInside,
  kindsOf,
  logitsFor,
} from "./check_net.ts";

/** The parameters of a dense layer. */
const dense = (from: number, to: number) => from * to + to;

const MNIST = [1, 28, 28, 1];

Deno.test("highwayMlp() has the paper's parameters, about 5,000 a layer, with gates and without", () => {
  for (const depth of [1, 10, 20, 50, 100, 1000]) {
    const highway = dense(784, 50) + (depth - 1) * 2 * dense(50, 50) + dense(50, 10);
    const plain = dense(784, 71) + (depth - 1) * dense(71, 71) + dense(71, 10);
    assertEquals(countFor(highwayMlp({ depth }), MNIST), highway);
    assertEquals(countFor(highwayMlp({ depth, gates: "no", layerWidth: 71 }), MNIST), plain);
  }
  assertEquals([2 * dense(50, 50), dense(71, 71)], [5100, 5112]);
});

Deno.test("highwayMlp() has a plain layer, highway layers, and the classifier", () => {
  const highway = ["highway", "highway"], plain = ["dense", "relu", "dense", "relu"];
  assertEquals(kindsOf(highwayMlp({ depth: 3 })), [
    "flatten",
    "dense",
    "relu",
    ...highway,
    "dense",
  ]);
  assertEquals(kindsInside(highwayMlp({ depth: 2 }).layers[3]!), ["dense", "relu", "dense"]);
  assertEquals(kindsOf(highwayMlp({ depth: 3, gates: "no", dropout: 0.5 })), [
    "flatten",
    "dense",
    "relu",
    ...plain,
    "dropout",
    "dense",
  ]);
});

forEachDevice("highwayMlp()'s gates begin with a bias by depth, or the one given", async (run) => {
  const biasOf = async (options: Parameters<typeof highwayMlp>[0]) => {
    const net = highwayMlp({ layerWidth: 2, ...options });
    const params = net.init(key(0), imagesOf(1, 2, 2, 1));
    const [, gate] = params[3] as unknown as readonly { readonly b: Tensor }[];
    return [...await run.read(gate!.b)];
  };
  const found = [];
  for (const depth of [2, 10, 20, 30, 40, 80, 1000]) found.push((await biasOf({ depth }))[0]);
  assertEquals(found, [-1, -1, -2, -3, -3, -4, -8]);
  assertEquals(await biasOf({ depth: 10, gateBias: "-4" }), [-4, -4]);
}, { devices: ["reference"] });

Deno.test("highwayMlp() takes other activations, sizes and widths, and rejects others", () => {
  const net = highwayMlp({ activation: "maxout", layerWidth: 3, depth: 4, classes: 7 });
  assertEquals(logitsFor(net, [2, 5, 3, 1]), [2, 7]);
  const message = "highwayMlp: expected depth of at least 1, found 0";
  assertThrows(() => highwayMlp({ depth: 0 }), RangeError, message);
  assertThrows(() => highwayMlp({ layerWidth: 1.5 }), RangeError, "expected layerWidth");
  assertThrows(() => highwayMlp({ gates: "maybe" as never }), RangeError, "gates yes, no");
  assertThrows(() => highwayMlp({ gateBias: "1" as never }), RangeError, "gateBias depth, 0");
});

for (
  const [name, net, units] of [
    ["highwayMlp", highwayMlp({ depth: 12 }), 24],
    ["highwayMlp without gates", highwayMlp({ depth: 12, gates: "no" }), 13],
    ["highwayMlp with maxout", highwayMlp({ depth: 5, activation: "maxout" }), 15],
  ] as const
) {
  forEachDevice(`LSUV brings every unit of ${name} to unit variance`, async (run) => {
    await assertUnitVariances(run, net, [32, 6, 6, 1], units);
  }, { devices: ["reference", "cpu"] });
}
