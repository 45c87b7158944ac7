/**
 * GoogLeNet.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { googlenet } from "../../src/models/mod.ts";
import { trainingPass } from "../../src/nn/mod.ts";
import { key, normal } from "../../src/random.ts";
import { forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import {
  assertUnitVariances,
  countFor,
  dropTenths,
  imagesOf,
  kindsInside,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

const IMAGENET = [1, 224, 224, 3];
/** Convolutions before the modules, six in each of nine modules, and one in each side branch. */
const CONVOLUTIONS = 3 + 9 * 6 + 2;

const weights = (size: number, from: number, to: number) => size * size * from * to;

Deno.test("googlenet() has the parameters of the original", () => {
  const module = (
    from: number,
    [one, three, wide, five, wider, pooled]: readonly number[],
  ): number =>
    weights(1, from, one!) + weights(1, from, three!) + weights(3, three!, wide!) +
    weights(1, from, five!) + weights(5, five!, wider!) + weights(1, from, pooled!) +
    one! + three! + wide! + five! + wider! + pooled!;
  const modules = module(192, [64, 96, 128, 16, 32, 32]) +
    module(256, [128, 128, 192, 32, 96, 64]) +
    module(480, [192, 96, 208, 16, 48, 64]) + module(512, [160, 112, 224, 24, 64, 64]) +
    module(512, [128, 128, 256, 24, 64, 64]) + module(512, [112, 144, 288, 32, 64, 64]) +
    module(528, [256, 160, 320, 32, 128, 128]) + module(832, [256, 160, 320, 32, 128, 128]) +
    module(832, [384, 192, 384, 48, 128, 128]);
  const first = weights(7, 3, 64) + 64 + weights(1, 64, 64) + 64 + weights(3, 64, 192) + 192;
  const trunk = first + modules + 1025 * 1000;
  assertEquals(trunk, 6_998_552);
  const side = (from: number) => (from + 1) * 128 + (4 * 4 * 128 + 1) * 1024 + 1025 * 1000;
  assertEquals(trunk + side(512) + side(528), 13_378_280);
  assertEquals(countFor(googlenet({ classes: 1000 }), IMAGENET), 13_378_280);
});

Deno.test("googlenet() has the layers and sizes of the original", async () => {
  assertEquals(layerShapes(googlenet({ classes: 1000 }), IMAGENET), [
    ...["conv 112×112×64", "maxPool 56×56×64", "lrn 56×56×64"],
    ...["conv 56×56×64", "conv 56×56×192", "lrn 56×56×192", "maxPool 28×28×192"],
    ...["concat 28×28×256", "concat 28×28×480", "maxPool 14×14×480"],
    ...["concat 14×14×512", "companion 14×14×512", "concat 14×14×512", "concat 14×14×512"],
    ...["concat 14×14×528", "companion 14×14×528", "concat 14×14×832", "maxPool 7×7×832"],
    ...["concat 7×7×832", "concat 7×7×1024", "globalAvgPool 1024", "dropout 1024", "dense 1000"],
  ]);
  assertEquals(await dropTenths(googlenet()), [4]);
  const kinds = kindsInside(googlenet());
  assertEquals(kinds.filter((kind) => kind === "conv").length, CONVOLUTIONS);
  assertEquals(kinds.filter((kind) => kind === "dropout").length, 3);
});

Deno.test("googlenet() has two side outputs of weight 0.3 in training", () => {
  const net = googlenet({ shrink: "16", classes: 7 }), x = normal(key(1), [2, 64, 64, 3]);
  const { output, sides } = trainingPass(net, net.init(key(0), imagesOf(2, 64, 64, 3)), x, key(2));
  assertEquals(output.shape, [2, 7]);
  assertEquals(sides.map(({ weight, output }) => [weight, ...output.shape]), [
    [0.3, 2, 7],
    [0.3, 2, 7],
  ]);
});

Deno.test("googlenet() with batchnorm has it after each convolution, and no biases or lrn", () => {
  const kinds = kindsInside(googlenet({ batchnorm: "yes" }));
  const count = (kind: string) => kinds.filter((k) => k === kind).length;
  assertEquals(["batchNorm", "lrn"].map(count), [CONVOLUTIONS, 0]);
  assertEquals(countFor(googlenet({ batchnorm: "yes", classes: 1000 }), IMAGENET), 13_400_888);
});

Deno.test("googlenet() supports small images, maxout and no dropout", () => {
  assertEquals(logitsFor(googlenet({ shrink: "16", classes: 7 }), [2, 31, 50, 1]), [2, 7]);
  const small = googlenet({ stem: "small", shrink: "16", activation: "maxout", dropout: 0 });
  assertEquals(logitsFor(small, [2, 15, 32, 3]), [2, 10]);
  assert(!kindsInside(small).includes("dropout"));
  const says = "googlenet: expected stem imagenet or small, found tiny";
  assertThrows(() => googlenet({ stem: "tiny" as never }), RangeError, says);
});

for (const batchnorm of ["yes", "no"] as const) {
  Deno.test(`googlenet() with batchnorm ${batchnorm} has gradients that agree with differences`, () => {
    const net = googlenet({ batchnorm, shrink: "16", classes: 5 });
    assertGradient(net, [2, 33, 33, 3], 5);
    assertGradient(net, [3, 33, 33, 3], 5, key(3));
  });

  forEachDevice(
    `lsuv() brings every layer of googlenet with batchnorm ${batchnorm} to unit variance`,
    (run) =>
      assertUnitVariances(
        run,
        googlenet({ batchnorm, stem: "small", shrink: "8" }),
        [16, 32, 32, 3],
        CONVOLUTIONS + 2 + 2 + 1,
      ),
    { devices: ["cpu"] },
  );
}
