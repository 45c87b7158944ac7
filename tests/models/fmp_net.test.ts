/**
 * The net with fractional max pooling.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fmpNet } from "../../src/models/mod.ts";
import { drawnRegions } from "../../src/nn/mod.ts";
import { foldIn, key, normal } from "../../src/random.ts";
import { assertClose, forEachDevice } from "../devices.ts";
import { assertGradient } from "./check_gradient.ts";
import {
  assertUnitVariances,
  countFor,
  dropTenths,
  imagesOf,
  kindsOf,
  layerShapes,
  logitsFor,
} from "./check_net.ts";

Deno.test("fmpNet() has the sizes of the original, from a field of 94 × 94", () => {
  const conv = (side: number, n: number) => `conv ${side}×${side}×${160 * n}`;
  const pool = (side: number, n: number) => `fractionalMaxPool ${side}×${side}×${160 * n}`;
  const sides = [94, 74, 58, 45, 35, 27, 21, 16, 12, 9, 6, 4, 2];
  assertEquals(layerShapes(fmpNet({ dropout: 0 }), [1, 32, 32, 3]), [
    "centered 94×94×3",
    ...sides.slice(1).flatMap((side, i) => [conv(sides[i]! - 1, i + 1), pool(side, i + 1)]),
    ...[conv(1, 13), conv(1, 14), "flatten 2240", "dense 10"],
  ]);
});

Deno.test("fmpNet() has a parameter for each channel of each window", () => {
  let from = 3, count = 0;
  for (let n = 1; n <= 13; n++) {
    count += (4 * from + 1) * 160 * n;
    from = 160 * n;
  }
  count += (from + 1) * 2240 + 2241 * 10;
  assertEquals(countFor(fmpNet(), [1, 32, 32, 3]), count);
  assertEquals(count, 79_247_530);
});

Deno.test("fmpNet() drops more from layer to layer, up to half", async () => {
  const net = fmpNet({ pools: 4, shrink: "16" });
  assertEquals(kindsOf(net).slice(1, 8), [
    ...["conv", "vlrelu", "fractionalMaxPool"],
    ...["conv", "vlrelu", "fractionalMaxPool", "dropout"],
  ]);
  assertEquals(kindsOf(net).slice(-5), ["conv", "vlrelu", "dropout", "flatten", "dense"]);
  assertEquals(await dropTenths(net), [1, 2, 3, 4, 5]);
});

Deno.test("fmpNet() supports smaller fields, other images and activations", () => {
  const net = fmpNet({ pools: 6, shrink: "16", classes: 7, activation: "maxout", dropout: 0 });
  assertEquals(logitsFor(net, [2, 21, 1, 1]), [2, 7]);
  const says = "fmpNet: expected images of at most 21 × 21, found f32[2, 22, 21, 1]";
  assertThrows(() => logitsFor(net, [2, 22, 21, 1]), RangeError, says);
  const of = "fmpNet: expected pools of at least 1, found 0.5";
  assertThrows(() => fmpNet({ pools: 0.5 }), RangeError, of);
});

forEachDevice("fmpNet() with 12 regions averages the probabilities of twelve", async (run) => {
  const options = { pools: 4, shrink: "16", classes: 5 } as const;
  const net = fmpNet(options), averaged = fmpNet({ ...options, regions: 12 });
  const x = normal(key(1), [2, 12, 12, 3]), params = net.init(key(0), imagesOf(2, 12, 12, 3));
  const all = Array.from({ length: 12 }, (_, i) => drawnRegions(net, params, x, foldIn(key(0), i)));
  const [mean, ...each] = await run.read([averaged(params, x), ...all]) as readonly Float32Array[];
  const expected = new Array<number>(10).fill(0);
  for (const logits of each) {
    for (const row of [0, 1]) {
      const own = [...logits.subarray(5 * row, 5 * row + 5)].map(Math.exp);
      const sum = own.reduce((a, b) => a + b);
      own.forEach((p, i) => expected[5 * row + i]! += p / sum / 12);
    }
  }
  assertClose([...mean!].map(Math.exp), expected, { relative: 1e-4 });
  assert(each.some((logits) => logits.some((v, i) => Math.abs(v - each[0]![i]!) > 1e-3)));
}, { devices: ["reference", "cpu"] });

Deno.test("fmpNet() has gradients that agree with differences", () => {
  const net = fmpNet({ pools: 4, shrink: "16", classes: 5 });
  assertGradient(net, [2, 11, 12, 3], 5);
  assertGradient(net, [2, 11, 12, 3], 5, key(3));
});

for (const regions of [1, 12] as const) {
  forEachDevice(
    `lsuv() brings every layer of fmpNet with ${regions} regions to unit variance`,
    async (run) => {
      const net = fmpNet({ pools: 6, shrink: "8", regions });
      await assertUnitVariances(run, net, [16, 20, 20, 3], 9);
    },
    { devices: ["cpu"] },
  );
}
