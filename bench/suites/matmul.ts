/**
 * Matrix products: squares, and the dense layers of the FitNets.
 *
 * @module
 */
import { rate } from "../../src/device/profile.ts";
import { matmul } from "../../src/ops/mod.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import { distance } from "../../tests/device/cpu/distance.ts";
import { fill } from "../../tests/golden/fill.ts";
import { onDevice, timeKernel } from "../kernel.ts";
import { significant } from "../measure.ts";
import { rated, roundedMs, type Row } from "../result.ts";
import type { Bench } from "../suite.ts";

/** Rows, inner size and columns. */
type Size = readonly [m: number, k: number, n: number];

const square = (n: number): Size => [n, n, n];
const QUICK: readonly Size[] = [256, 512].map(square);
const SIZES: readonly Size[] = [
  ...[256, 512, 1024, 2048, 4096].map(square),
  [128, 64, 2500],
  [128, 500, 10],
  [256, 2304, 1024],
];

/** Products that would take more milliseconds than this, by the rate of the one before, are left out. */
const PATIENCE = 3000;

/** How many rows and columns of a product are checked in float64. */
const CHECKED = 12;

const picked = (length: number): number[] =>
  Array.from({ length: CHECKED }, (_, i) => Math.floor(i * (length - 1) / (CHECKED - 1)));

/** The error of some elements of a product, its corners among them, against float64. */
export function productError(
  a: Float32Array,
  b: Float32Array,
  found: Float32Array,
  [m, k, n]: Size,
): number {
  const places = picked(m).flatMap((i) => picked(n).map((j) => [i, j] as const));
  const exact = places.map(([i, j]) => {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[i * k + l]! * b[l * n + j]!;
    return sum;
  });
  return distance(
    Float32Array.from(places, ([i, j]) => found[i * n + j]!),
    Float64Array.from(exact),
  );
}

/** Each size's product. */
export async function* matmuls({ run, quick, budget, most }: Bench): AsyncGenerator<Row> {
  let gflops = Infinity;
  for (const size of quick ? QUICK : SIZES) {
    const [m, k, n] = size, flops = 2 * m * k * n;
    if (flops / gflops / 1e6 > PATIENCE) continue;
    const a = fill(m * k, 1, 1), b = fill(k * n, 2, 1);
    const inputs = onDevice(run, [tensor(a, [m, k]), tensor(b, [k, n])]);
    const product = (a: Tensor, b: Tensor) => matmul(a, b);
    const found = await run.read(run.jit(product)(...inputs as [Tensor, Tensor]));
    const { ms, callMs } = await timeKernel(run, product, inputs, budget);
    gflops = rate(flops, ms.median);
    yield {
      suite: "matmul",
      name: size.join("×"),
      ms: roundedMs(ms),
      callMs: significant(callMs),
      ...rated(most, ms.median, { flops }),
      error: significant(productError(a, b, found as Float32Array, size), 2),
    };
  }
}
