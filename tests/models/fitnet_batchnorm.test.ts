/**
 * FitNets and the branching net with batch normalization.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { branching, fitnet1, fitnet4, type Model } from "../../src/models/mod.ts";
import { key } from "../../src/random.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import { assertUnitVariances, countFor, kindsInside, kindsOf } from "./check_net.ts";

/** Four numbers for each normalized channel: a factor, an offset, and two running statistics. */
const added = (net: (options: { batchnorm: "yes" | "no" }) => Model) =>
  countFor(net({ batchnorm: "yes" }), [1, 32, 32, 3]) -
  countFor(net({ batchnorm: "no" }), [1, 32, 32, 3]);

Deno.test("batch normalization of FitNets adds four numbers for each channel of each piece", () => {
  const one = 3 * 16 + 3 * 32 + 2 * 48 + 64, four = 3 * 32 + 2 * 48 + 6 * 80 + 6 * 128;
  assertEquals(added((options) => fitnet1({ ...options, activation: "relu" })), 4 * (one + 500));
  assertEquals(added(fitnet1), 4 * (2 * one + 5 * 500));
  assertEquals(added((options) => fitnet4({ ...options, activation: "tanh" })), 4 * (four + 500));
  assertEquals(added(fitnet4), 4 * (2 * four + 5 * 500));
  assertEquals(added(branching), 4 * 2 * (16 + 4 * 8 + 4 * 16));
});

Deno.test("batch normalization is between a layer and its activation or maximum", () => {
  const list = kindsOf(fitnet1({ batchnorm: "yes", activation: "relu" }));
  assertEquals(list.slice(0, 3), ["conv", "batchNorm", "relu"]);
  assertEquals(list.slice(-4), ["dense", "batchNorm", "relu", "dense"]);
  const maxout = kindsOf(fitnet4({ batchnorm: "yes" }));
  assertEquals(maxout.slice(0, 4), ["dropout", "conv", "batchNorm", "maxout"]);
  assertEquals(maxout.slice(-5), ["dense", "batchNorm", "maxout", "dropout", "dense"]);
  for (const net of [fitnet1, fitnet4]) {
    assertEquals(kindsOf(net({ batchnorm: "no" })), kindsOf(net()));
  }
  const branches = branching({ batchnorm: "yes" }).layers.flatMap(kindsInside);
  assertEquals(branches.filter((kind) => kind === "batchNorm").length, 7);
});

Deno.test("nets reject other values of batchnorm", () => {
  for (const [name, net] of Object.entries({ fitnet1, fitnet4, branching })) {
    const says = `${name}: expected batchnorm yes or no, found maybe`;
    assertThrows(() => net({ batchnorm: "maybe" as never }), RangeError, says);
  }
});

for (const activation of ["maxout", "relu"] as const) {
  Deno.test(`branching ${activation} with batch normalization has gradients that agree with differences`, () => {
    const net = branching({ batchnorm: "yes", activation, classes: 5 });
    assertGradient(net, [2, 8, 8, 3], 5);
    assertGradient(net, [3, 8, 8, 3], 5, key(3));
  });

  Deno.test(`fitnet1 ${activation} with batch normalization has gradients that agree with differences`, () => {
    const net = fitnet1({ batchnorm: "yes", activation, classes: 5, dropout: 0.2 });
    assertGradient(net, [2, 4, 4, 3], 5);
    assertGradient(net, [3, 5, 4, 3], 5, key(3));
  });
}

Deno.test("fitnet4 with batch normalization has gradients that agree with differences", () => {
  const net = fitnet4({ batchnorm: "yes", classes: 5, dropout: 0 });
  assertGradient(net, [2, 4, 4, 3], 5);
  assertGradient(net, [3, 8, 8, 3], 5, key(3));
});

forEachDevice(
  "lsuv() brings every layer of FitNets with batch normalization to unit variance",
  async (run) => {
    const batchnorm = "yes";
    await assertUnitVariances(run, fitnet1({ batchnorm }), [4, 12, 12, 3], 11);
    await assertUnitVariances(run, fitnet1({ batchnorm, activation: "relu" }), [4, 12, 12, 3], 11);
  },
  { devices: ["cpu"] },
);
