/**
 * Pooling on the CPU: few images are cut into bands, and NaN takes another way, so both are compared with
 * the interpreter, and threads with each other.
 */
import { assertEquals } from "@std/assert";
import { grad } from "../../../src/grad.ts";
import {
  avgPool2d,
  maxPool2d,
  mul,
  type PerAxis,
  type PoolOptions,
  sum,
} from "../../../src/ops/mod.ts";
import { open, type Runtime } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { assertClose, fill, filled } from "../../devices.ts";

const options = { sanitizeOps: false, sanitizeResources: false };

/** Windows: [size, options]. */
const WINDOWS: readonly (readonly [size: PerAxis, options: PoolOptions])[] = [
  [3, { stride: 2, ceil: true }],
  [3, { stride: 1, padding: 1 }],
  [2, {}],
  [2, { stride: 3, padding: 1 }],
  [9, { stride: 2, padding: 4, ceil: true }],
  [4, { stride: 4, ceil: true }],
  [[2, 5], { stride: [1, 3], padding: [[1, 0], [2, 3]] }],
  [3, { stride: 1, dilation: 2, padding: 2 }],
  [[2, 3], { stride: [3, 2], dilation: [5, 3], padding: [[4, 0], [1, 5]], ceil: true }],
  [2, { stride: 5, dilation: [4, 3] }],
];

/** Images with ties, both zeros and, if wanted, infinities and NaN. */
function images(channels: number, extreme: boolean): Tensor {
  const values = fill(33 * 22 * channels, channels).map((v, i) => {
    if (extreme && i % 97 === 5) return NaN;
    if (extreme && i % 31 === 3) return i % 2 ? -Infinity : Infinity;
    return i % 5 === 0 ? -0 : Math.round(4 * v) / 4;
  });
  return tensor(values, [1, 33, 22, channels]);
}

/** Pooling of both kinds, gradients, and the gradient of a gradient, in elements. */
async function pooled(run: Runtime, x: Tensor, size: PerAxis, given: PoolOptions) {
  const weights = filled(maxPool2d(x, size, given).shape, 3);
  const f = run.jit((x: Tensor, g: Tensor) => {
    const scattered = (g: Tensor) => grad((x: Tensor) => sum(mul(maxPool2d(x, size, given), g)))(x);
    return [
      maxPool2d(x, size, given),
      avgPool2d(x, size, given),
      scattered(g),
      grad((x: Tensor) => sum(mul(avgPool2d(x, size, given), g)))(x),
      grad((g: Tensor) => sum(mul(scattered(g), filled(x.shape, 4))))(g),
    ];
  });
  return await run.read(f(x, weights)) as readonly Float32Array<ArrayBuffer>[];
}

for (const extreme of [false, true]) {
  const name = extreme ? "one image with NaN and infinities" : "one image";
  Deno.test(
    `pooling ${name} agrees with float64, with the same bits on any threads`,
    options,
    async () => {
      await using reference = await open({ device: "reference" });
      await using one = await open({ device: "cpu", threads: 1 });
      await using three = await open({ device: "cpu", threads: 3 });
      for (const channels of [1, 3, 10, 17, 36]) {
        for (const [size, given] of WINDOWS) {
          const x = images(channels, extreme), wanted = await pooled(reference, x, size, given);
          const found = await pooled(one, x, size, given),
            again = await pooled(three, x, size, given);
          const what = `${channels} channels, size ${size}, ${JSON.stringify(given)}`;
          found.forEach((values, i) => {
            assertClose(values, wanted[i]!, { absolute: 1e-5 }, `${what}, output ${i}`);
            const bits = [values, again[i]!].map((v) => new Uint32Array(v.buffer));
            assertEquals(bits[0], bits[1], `${what}, output ${i}`);
          });
        }
      }
    },
  );
}
