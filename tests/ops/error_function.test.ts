/**
 * The error function in float64, and the op on every device.
 */
import { assert, assertEquals } from "@std/assert";
import { errorFunction } from "../../src/ops/error_function.ts";
import { erf } from "../../src/ops/mod.ts";
import type { Data } from "../../src/host_data.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { forEachDevice } from "../devices.ts";

/** Values of C's erf. */
const VALUES = [
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [3, 0.9999779095030014],
  [5.5, 0.9999999999999927],
  [0.1, 0.1124629160182849],
  [1e-10, 1.1283791670955126e-10],
  [0.9375, 0.8151024010343998],
  [1.7, 0.9837904585907745],
  [4, 0.9999999845827421],
  [-1, -0.8427007929497149],
  [-0.3, -0.3286267594591274],
  [2.5, 0.999593047982555],
] as const;

Deno.test("errorFunction() is C's to a few roundings", () => {
  for (const [x, y] of VALUES) {
    const found = errorFunction(x);
    assert(Math.abs(found / y - 1) <= 2 ** -49, `erf ${x}: expected ${y}, found ${found}`);
    assertEquals(errorFunction(-x), -found);
  }
});

Deno.test("errorFunction() preserves zeros and NaN, and is 1 for large arguments", () => {
  assertEquals([0, -0, NaN, 6, Infinity, -Infinity].map(errorFunction), [0, -0, NaN, 1, 1, -1]);
});

forEachDevice("erf() is within three units in the last place", async (run) => {
  const n = 1 << 16, xs = Float32Array.from({ length: n }, (_, i) => 9 * i / n - 4.5);
  const call = run.jit((x: Tensor) => [erf(x)] as const);
  const [found] = await run.read(call(tensor(xs))) as readonly Data[];
  const unit = (y: number) => 2 ** (Math.floor(Math.log2(Math.abs(y))) - 23);
  const far = [...xs.entries()].filter(([i, x]) => {
    const y = errorFunction(x);
    return Math.abs(found![i]! - y) > 3 * unit(y);
  });
  assertEquals(far.map(([i, x]) => [x, found![i]]).slice(0, 5), []);
});
