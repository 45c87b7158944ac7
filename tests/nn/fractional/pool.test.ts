/**
 * Max pooling by random fractions, and tests with drawn regions.
 */
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { evaluate } from "../../../src/device/reference/evaluate.ts";
import { grad } from "../../../src/grad.ts";
import { drawBoundaries } from "../../../src/nn/fractional_boundaries.ts";
import { fractionsOf } from "../../../src/nn/fractional_windows.ts";
import * as nn from "../../../src/nn/mod.ts";
import { log, mean, mul, softmax, stack, sum } from "../../../src/ops/mod.ts";
import { foldIn, type Key, key, split } from "../../../src/random.ts";
import { placeholder, type Tensor, tensor } from "../../../src/tensor.ts";
import { assertClose, filled, forEachDevice } from "../../devices.ts";
import { assertDerivatives } from "../differences.ts";

const values = (x: Tensor): number[] => [...evaluate([x])[0]!];
const message = (f: () => unknown): string => assertThrows(f, RangeError).message;

const KINDS = [
  { kind: "random", overlapping: true },
  { kind: "random", overlapping: false },
  { kind: "pseudorandom", overlapping: true },
  { kind: "pseudorandom", overlapping: false },
  { kind: "pseudorandom", size: 2 },
  { kind: "random", size: 3 },
] as const satisfies nn.FractionalPoolOptions[];

/** Image shapes and outputs. */
const SIZES = [
  [[1, 2, 3, 1], [1, 2]],
  [[2, 5, 7, 3], [3, 4]],
  [[3, 7, 4, 5], [5, 2]],
  [[1, 13, 13, 2], [5, 8]],
] as const;

/** The windows along an axis, first and one past the last pixel. */
function ranges(pixels: number, out: number, options: nn.FractionalPoolOptions, key: Key) {
  const { kind, overlapping = true, size } = options;
  const { length, steps } = fractionsOf(pixels, out, overlapping, size)!;
  const a = values(drawBoundaries(kind!, key, length, steps));
  const end = (i: number) => size ? a[i]! + size : a[i + 1]! + (overlapping ? 1 : 0);
  return Array.from({ length: out }, (_, i) => [a[i]!, end(i)] as const);
}

/** The maximum over each window, pixel by pixel. */
function pooled(x: Tensor, output: readonly number[], options: nn.FractionalPoolOptions, k: Key) {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [first, second] = split(k), pixels = values(x), y: number[] = [];
  const rows = ranges(height, output[0]!, options, first);
  const columns = ranges(width, output[1]!, options, second);
  for (let n = 0; n < batch; n++) {
    for (const [top, bottom] of rows) {
      for (const [left, right] of columns) {
        for (let c = 0; c < channels; c++) {
          let most = -Infinity;
          for (let i = top; i < bottom; i++) {
            for (let j = left; j < right; j++) {
              most = Math.max(most, pixels[((n * height + i) * width + j) * channels + c]!);
            }
          }
          y.push(most);
        }
      }
    }
  }
  return y;
}

const fits = ([, h, w]: readonly number[], [down, across]: readonly number[], size = 1) =>
  size === 1 || (h! - size >= down! - 1 && w! - size >= across! - 1 && down! > 1 && across! > 1);

forEachDevice("fractionalMaxPool() is the maximum over the windows of its key", async (run) => {
  for (const options of KINDS) {
    for (const [shape, output] of SIZES) {
      if (!fits(shape, output, "size" in options ? options.size : 1)) continue;
      const x = filled(shape, 3), layer = nn.fractionalMaxPool({ output }, options);
      const weights = filled([shape[0], ...output, shape[3]], 4);
      const f = (x: Tensor, k: Key) => {
        const loss = (x: Tensor) => sum(mul(layer([], x, k), weights));
        return [layer([], x, k), grad(loss)(x)];
      };
      const [y, g] = await run.read(run.jit(f)(x, key(7)));
      assertEquals([...y!], pooled(x, output, options, key(7)));
      assertClose(g!, evaluate(f(x, key(7)))[1]!);
    }
  }
});

Deno.test("fractionalMaxPool() has first and second derivatives", () => {
  for (const options of KINDS) {
    assertDerivatives(nn.fractionalMaxPool({ output: 3 }, options), [2, 5, 7, 2], key(3));
  }
});

Deno.test("fractionalMaxPool()'s output is the ratio's, or as many pixels", () => {
  const shape = (x: number[], to: nn.FractionalSize) =>
    nn.fractionalMaxPool(to)([], placeholder({ shape: x, dtype: "f32" })).shape.join();
  assertEquals(shape([2, 36, 36, 3], { ratio: Math.SQRT2 }), "2,25,25,3");
  assertEquals(shape([2, 36, 50, 3], { ratio: [1.5, 2] }), "2,24,25,3");
  assertEquals(shape([2, 36, 50, 3], { output: [20, 33] }), "2,20,33,3");
});

Deno.test("fractionalMaxPool()'s windows are of the key, else of the seed", () => {
  const x = filled([1, 24, 24, 1], 1);
  for (const kind of ["random", "pseudorandom"] as const) {
    const layer = nn.fractionalMaxPool({ ratio: 1.4 }, { kind });
    const other = nn.fractionalMaxPool({ ratio: 1.4 }, { kind, seed: 1 });
    assertEquals(values(layer([], x)), values(layer([], x, key(0))));
    assertEquals(values(other([], x)), values(layer([], x, key(1))));
    assertNotEquals(values(layer([], x)), values(other([], x)));
  }
});

Deno.test("drawnRegions() draws each layer's regions, and leaves dropout out", () => {
  const net = nn.sequential(
    nn.fractionalMaxPool({ ratio: 1.4 }),
    nn.dropout(0.5),
    nn.sequential(nn.fractionalMaxPool({ output: 5 }, { kind: "random" })),
  );
  const x = filled([2, 14, 14, 2], 1), params = net.init(key(0), x);
  const drawn = (seed: number) => values(nn.drawnRegions(net, params, x, key(seed)));
  assertEquals(drawn(1), drawn(1));
  assertNotEquals(drawn(1), drawn(2));
  const all = new Set(values(x));
  // A maximum is a pixel: with dropout, elements would be zeros and doubled.
  assert(drawn(1).every((v) => all.has(v)));
});

Deno.test("averagedRegions() has the mean of the probabilities of several tests", () => {
  const net = nn.sequential(nn.fractionalMaxPool({ ratio: 1.4 }), nn.flatten, nn.dense(3));
  const x = filled([4, 9, 9, 2], 1, -3, 3), params = net.init(key(0), x);
  const tests = 3, averaged = nn.averagedRegions(net, { tests, seed: 5 });
  assertEquals(averaged.init(key(0), x).length, params.length);
  const each = Array.from(
    { length: tests },
    (_, test) => softmax(nn.drawnRegions(net, params, x, foldIn(key(5), test))),
  );
  assertClose(values(averaged(params, x)), values(log(mean(stack(each), 0))));
  const single = nn.averagedRegions(net, { tests: 1, seed: 5 });
  assertNotEquals(values(averaged(params, x)), values(single(params, x)));
  assertEquals(values(averaged(params, x, key(2))), values(net(params, x, key(2))));
});

Deno.test("calibrate() sees the layers of a net whose regions are averaged", () => {
  const net = nn.sequential(nn.fractionalMaxPool({ ratio: 1.4 }), nn.flatten, nn.batchNorm());
  const x = filled([8, 5, 5, 1], 1), params = net.init(key(0), x);
  const calibrated = nn.calibrate(nn.averagedRegions(net, { tests: 1 }), params, x);
  const variance = values(calibrated[2]!.variance);
  assert(variance.every((v) => v > 0 && v < 0.5), `${variance}`);
});

Deno.test("pooling by fractions says what it expects", () => {
  const images = placeholder({ shape: [2, 5, 7, 1], dtype: "f32" });
  const pool = (to: nn.FractionalSize, options?: nn.FractionalPoolOptions) => () =>
    nn.fractionalMaxPool(to, options)([], images);
  assertEquals(
    message(pool({ output: [5, 4] })),
    "fractionalMaxPool: expected an output smaller than the image, of at least 1 pixel (2 with " +
      "windows of one size), found 5 × 4 of f32[2, 5, 7, 1]",
  );
  for (const to of [{ ratio: 0.9 }, { ratio: 8 }, { ratio: NaN }, { output: 0 }, { output: 2.5 }]) {
    assertThrows(pool(to), RangeError, "expected an output smaller than the image");
  }
  assertThrows(pool({ output: 1 }, { size: 2 }), RangeError, "found 1 × 1");
  assertThrows(
    pool({ output: 2 }, { size: 0 }),
    RangeError,
    "expected size of at least 1, found 0",
  );
  assertEquals(
    message(pool({ output: 2 }, { kind: "even" as nn.FractionKind })),
    "fractionalMaxPool: expected kind random or pseudorandom, found even",
  );
  assertThrows(
    pool({ size: 2 } as unknown as nn.FractionalSize),
    TypeError,
    'fractionalMaxPool: expected a ratio or an output, found {"size":2}',
  );
  const rows = tensor([[1, 2]]);
  assertThrows(
    () => nn.fractionalMaxPool({ output: 1 })([], rows),
    RangeError,
    "expected f32 images [batch, height, width, channels], found f32[1, 2]",
  );
  assertThrows(
    () => nn.averagedRegions(nn.flatten, { tests: 0 }),
    RangeError,
    "averagedRegions: expected tests of at least 1, found 0",
  );
});
