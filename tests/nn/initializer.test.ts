/**
 * Initializers: limits, deviations, orthonormality.
 */
import { assert, assertEquals } from "@std/assert";
import {
  gaussian,
  glorot,
  he,
  type Initializer,
  orthonormal,
  xavierFanIn,
} from "../../src/init/mod.ts";
import { conv, dense } from "../../src/nn/mod.ts";
import { key } from "../../src/random.ts";
import type { Runtime } from "../../src/runtime/mod.ts";
import type { Shape } from "../../src/shape.ts";
import { placeholder, type Tensor } from "../../src/tensor.ts";
import { goldenInit } from "../golden/read.ts";
import { filled } from "../golden/fill.ts";
import { assertClose, forEachDevice, largest } from "../devices.ts";
import type { Tuple } from "../../src/tuple.ts";

const read = async (run: Runtime, x: Tensor): Promise<Float32Array> =>
  (await run.read([x]))[0] as Float32Array;

const deviation = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/** The largest element of |WᵀW - I| (or |WWᵀ - I| of a wide W) among `count` matrices. */
function distance(values: Float32Array, shape: Shape): number {
  const [count, rows, columns] = shape as Tuple<number, 3>;
  const k = Math.min(rows, columns), n = Math.max(rows, columns);
  const [along, across] = (rows >= columns ? [columns, 1] : [1, columns]) as Tuple<number, 2>;
  let worst = 0;
  for (let matrix = 0; matrix < count; matrix++) {
    const at = matrix * rows * columns;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let r = 0; r < n; r++) {
          dot += values[at + r * along + i * across]! * values[at + r * along + j * across]!;
        }
        worst = Math.max(worst, Math.abs(dot - (i === j ? 1 : 0)));
      }
    }
  }
  return worst;
}

const matrices = (seed: number, shape: Shape): Tensor =>
  orthonormal()(key(seed), {
    count: shape[0]!,
    shape: shape.slice(1),
    fanIn: shape[1]!,
    fanOut: shape[2]!,
  });

Deno.test("filled() gives the numbers of the golden script", () => {
  for (const { data, ...spec } of goldenInit().fills) {
    assertClose(filled(spec), data, { relative: 1e-8, absolute: 0 });
  }
});

forEachDevice("xavierFanIn, glorot and he have the golden limits and deviations", async (run) => {
  for (const { shape, fanIn, fanOut, ...golden } of goldenInit().shapes) {
    const spec = { count: 1, shape, fanIn, fanOut };
    const [xavier, uniform, normal] = await run.read([
      xavierFanIn(key(1), spec),
      glorot(key(2), spec),
      he(key(3), spec),
    ]);
    for (
      const [values, limit] of [
        [xavier, golden.caffeXavierLimit],
        [uniform, golden.glorotLimit],
      ] as const
    ) {
      const most = largest(values!) / limit;
      assert(most <= 1 && most > 1 - 20 / values!.length, `${shape}: ${most} of the limit`);
      // The relative deviation of a variance of n uniform numbers is √(0.8 / n), of normal ones √(2 / n).
      const spread = deviation(values as Float32Array) * Math.sqrt(3) / limit;
      assert(Math.abs(spread ** 2 - 1) < 4.5 * Math.sqrt(0.8 / values!.length), `${shape}`);
    }
    const spread = deviation(normal as Float32Array) / golden.heStd;
    assert(Math.abs(spread ** 2 - 1) < 4.5 * Math.sqrt(2 / normal!.length), `${shape}: ${spread}`);
  }
}, { devices: ["reference"] });

Deno.test("conv() and dense() give initializers the golden fans", () => {
  const found: number[] = [];
  const init: Initializer = (key, spec) => {
    found.push(spec.count, spec.fanIn, spec.fanOut);
    return gaussian(1)(key, spec);
  };
  const spec = (...shape: number[]) => placeholder({ shape, dtype: "f32" });
  conv(48, 3, { init }).init(key(0), spec(1, 4, 4, 32));
  conv(256, 5, { init, groups: 2 }).init(key(0), spec(1, 5, 5, 96));
  conv(48, 3, { init, pieces: 2 }).init(key(0), spec(1, 4, 4, 32));
  dense(500, { init, pieces: 5 }).init(key(0), spec(1, 128));
  assertEquals(found, [1, 288, 432, 2, 1200, 6400, 2, 288, 432, 5, 128, 500]);
});

forEachDevice("gaussian() has its deviation and a mean of zero", async (run) => {
  const spec = { count: 2, shape: [100, 100], fanIn: 1, fanOut: 1 };
  const values = await read(run, gaussian(0.3)(key(4), spec));
  const mean = values.reduce((a, b) => a + b) / values.length;
  assert(Math.abs(mean) < 4 * 0.3 / Math.sqrt(20_000), `mean ${mean}`);
  assert(Math.abs(deviation(values) / 0.3 - 1) < 4 / Math.sqrt(40_000));
});

forEachDevice(
  "orthonormal() gives orthonormal columns or rows for every FitNet shape",
  async (run) => {
    const shapes = [
      [2, 27, 16],
      [2, 27, 32],
      [2, 9, 16],
      [2, 144, 16],
      [2, 144, 12],
      [2, 144, 32],
      [2, 288, 32],
      [2, 288, 48],
      [5, 64, 50],
      [1, 500, 10],
      [1, 500, 100],
      [1, 108, 10],
    ];
    for (const [seed, shape] of shapes.entries()) {
      const far = distance(await read(run, matrices(seed, shape)), shape);
      assert(far < 1e-5, `${shape}: ${far}`);
    }
  },
);

forEachDevice("orthonormal() manages the wide and large shapes of FitNets", async (run) => {
  const large = [[2, 432, 80], [2, 720, 128], [2, 1152, 128], [5, 128, 500], [5, 64, 500]];
  const shapes = run.device === "reference" ? [[1, 432, 80], [1, 64, 500]] : large;
  for (const [seed, shape] of shapes.entries()) {
    const far = distance(await read(run, matrices(seed, shape)), shape);
    assert(far < 1e-5, `${shape}: ${far}`);
  }
});

forEachDevice(
  "orthonormal() manages square matrices, whose singular values come near 0",
  async (run) => {
    const sizes = run.device === "reference" ? [1, 2, 3, 5, 10, 32, 64] : [1, 2, 10, 64, 128, 256];
    for (const n of sizes) {
      const count = Math.max(1, Math.min(200, Math.floor(2e5 / n ** 3)));
      const far = distance(await read(run, matrices(n, [count, n, n])), [count, n, n]);
      assert(far < 1e-5, `${count} of ${n} × ${n}: ${far}`);
    }
  },
);

forEachDevice("orthonormal() multiplies by its gain, each maxout piece on its own", async (run) => {
  const layer = dense(4, { pieces: 3, init: orthonormal(2) });
  const w = await read(run, layer.init(key(8), { shape: [1, 9], dtype: "f32" }).w);
  for (const piece of [0, 1, 2]) {
    const half = Float32Array.from(w.filter((_, i) => Math.floor(i % 12 / 4) === piece)).map((v) =>
      v / 2
    );
    assert(distance(half, [1, 9, 4]) < 1e-5, `piece ${piece}`);
  }
  assert(w[0] !== w[4] && w[0] !== w[8], "pieces differ");
});

forEachDevice("orthonormal() works under jit with the key as an argument", async (run) => {
  const under = run.jit((k: Tensor) =>
    orthonormal()(k, { count: 1, shape: [6, 4], fanIn: 6, fanOut: 4 })
  );
  const [a, b] = [await read(run, under(key(1))), await read(run, under(key(2)))];
  assert(distance(a, [1, 6, 4]) < 1e-5 && distance(b, [1, 6, 4]) < 1e-5);
  assert(a.some((v, i) => v !== b[i]), "another key gives another matrix");
  assertClose(await read(run, matrices(1, [1, 6, 4])), a);
});
