/**
 * The VGG nets.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { vgg16, vgg19 } from "../../src/models/mod.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import { assertUnitVariances, countFor, kindsOf, layerShapes, logitsFor } from "./check_net.ts";

const IMAGENET = [1, 224, 224, 3];

Deno.test("vgg16() and vgg19() have the parameters of the originals", () => {
  assertEquals(countFor(vgg16({ classes: 1000 }), IMAGENET), 138_357_544);
  assertEquals(countFor(vgg19({ classes: 1000 }), IMAGENET), 143_667_240);
});

Deno.test("vgg16() has the layers and sizes of configuration D, with dropout after two dense layers", () => {
  assertEquals(layerShapes(vgg16({ classes: 1000 }), IMAGENET), [
    ...["conv 224×224×64", "conv 224×224×64", "maxPool 112×112×64"],
    ...["conv 112×112×128", "conv 112×112×128", "maxPool 56×56×128"],
    ...["conv 56×56×256", "conv 56×56×256", "conv 56×56×256", "maxPool 28×28×256"],
    ...["conv 28×28×512", "conv 28×28×512", "conv 28×28×512", "maxPool 14×14×512"],
    ...["conv 14×14×512", "conv 14×14×512", "conv 14×14×512", "maxPool 7×7×512"],
    ...["flatten 25088", "dense 4096", "dropout 4096", "dense 4096", "dropout 4096", "dense 1000"],
  ]);
});

Deno.test("vgg19() supports fewer channels, other activations, small images and no dropout", () => {
  const net = vgg19({ shrink: "8", activation: "maxout", dropout: 0 });
  const kinds = kindsOf(net);
  assertEquals(logitsFor(net, [2, 33, 40, 1]), [2, 10]);
  assertEquals([kinds.includes("dropout"), kinds.includes("relu")], [false, false]);
  assertEquals(kinds.filter((kind) => kind === "conv").length, 16);
  const says = "vgg19: expected shrink of 1, 2, 4, 8, 16, found 3";
  assertThrows(() => vgg19({ shrink: "3" as never }), RangeError, says);
});

Deno.test("vgg16() has gradients that agree with differences", () => {
  assertGradient(vgg16({ shrink: "8", classes: 7 }), [2, 32, 32, 3], 7);
});

forEachDevice("lsuv() brings every layer of vgg16 to unit variance", async (run) => {
  await assertUnitVariances(run, vgg16({ shrink: "8" }), [16, 32, 32, 3], 16);
}, { devices: ["cpu"] });
