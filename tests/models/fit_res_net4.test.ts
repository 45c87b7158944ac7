/**
 * FitResNet-4.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { fitnet4, fitResNet4 } from "../../src/models/mod.ts";
import { residualUnit } from "../../src/models/residual_unit.ts";
import { conv, stateless } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import { placeholder, tensor } from "../../src/tensor.ts";
import { constant } from "../../src/ops/mod.ts";
import { forEachDevice, readOne } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import {
  assertUnitVariances,
  countFor,
  imagesOf,
  kindsInside,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

Deno.test("fitResNet4() has the parameters of fitnet4()", () => {
  for (const activation of ["maxout", "relu"] as const) {
    for (const classes of [10, 100]) {
      const [own, plain] = [fitResNet4, fitnet4].map((net) =>
        countFor(net({ activation, classes }), [1, 32, 32, 3])
      );
      assertEquals(own, plain, `${activation} ${classes}`);
    }
  }
});

Deno.test("fitResNet4() has links around pairs of convolutions, and the dropout of fitnet4()", () => {
  const unit = (n: number, size: string) => new Array<string>(n).fill(`residualUnit ${size}`);
  assertEquals(layerShapes(fitResNet4(), [1, 32, 32, 3]), [
    ...["dropout 32×32×3", "conv 32×32×32", "residualUnit 32×32×32", "residualUnit 32×32×48"],
    ...["maxPool 16×16×48", "dropout 16×16×48", ...unit(3, "16×16×80")],
    ...["maxPool 8×8×80", "dropout 8×8×80", ...unit(3, "8×8×128")],
    ...["globalMaxPool 128", "dropout 128", "flatten 128", "dense 500", "dropout 500", "dense 10"],
  ]);
  const kinds = kindsInside(fitResNet4({ activation: "relu", dropout: 0 }));
  assertEquals(kinds.filter((kind) => kind === "conv").length, 17);
  assertEquals(kinds.filter((kind) => kind === "relu").length, 18);
  assertEquals(kinds.includes("dropout"), false);
});

Deno.test("fitResNet4() supports small images, fewer channels and other channels", () => {
  assertEquals(logitsFor(fitResNet4({ shrink: "4", classes: 3 }), [2, 5, 4, 1]), [2, 3]);
});

forEachDevice("residualUnit() passes some pixels, and zeros in further channels", async (run) => {
  const nothing = stateless("nothing", () => constant(0, [1, 2, 2, 3]));
  const x = tensor(Float32Array.from({ length: 18 }, (_, i) => i), [1, 3, 3, 2]);
  const y = await readOne(run, residualUnit(nothing, 2)([[]], x));
  assertEquals([...y], [0, 1, 0, 4, 5, 0, 12, 13, 0, 16, 17, 0]);
});

Deno.test("residualUnit() rejects branches to other sizes", () => {
  const unit = residualUnit(conv(4, 3)), x = placeholder(imagesOf(1, 8, 8, 2));
  const says = "residualUnit: expected a branch to f32[1, 8, 8, 4], found f32[1, 6, 6, 4]";
  assertThrows(() => unit(unit.init(key(0), x), x), RangeError, says);
});

for (const activation of ["maxout", "tanh"] as const) {
  Deno.test(`fitResNet4() with ${activation} has gradients that agree with differences`, () => {
    assertGradient(fitResNet4({ activation, shrink: "8", classes: 5 }), [2, 9, 9, 3], 5);
  });
}

forEachDevice("lsuv() brings every layer of fitResNet4 to unit variance", async (run) => {
  await assertUnitVariances(run, fitResNet4({ shrink: "4" }), [8, 16, 16, 3], 2 * 17 + 5 + 1);
}, { devices: ["cpu"] });
