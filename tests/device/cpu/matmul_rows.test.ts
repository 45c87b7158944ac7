/**
 * No row of a matrix product is lost, however many there are: tiles and blocks of rows meet at sizes that a
 * list of usual ones leaves out.
 */
import { assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { detectNative } from "../../../src/device/cpu/native/detect.ts";
import { matmul } from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { tensor } from "../../../src/tensor.ts";

/** Rows of one tile up to those of more than a block. */
const MOST_ROWS = 131;
/** Steps, and columns: less than a vector, more than a panel, and such that rows are split in blocks. */
const OTHERS = [[3, 1], [5, 3], [2, 37]] as const;

/** Small integers, so that sums are exact in any order. */
const integers = (size: number, seed: number) =>
  Float32Array.from({ length: size }, (_, i) => (i * 7 + seed * 5) % 11 - 5);

/** The product of integers, exactly. */
function multiply(a: Float32Array, b: Float32Array, [m, k, n]: readonly [number, number, number]) {
  const out = new Float32Array(m * n);
  for (let row = 0; row < m; row++) {
    for (let step = 0; step < k; step++) {
      for (let j = 0; j < n; j++) out[row * n + j]! += a[row * k + step]! * b[step * n + j]!;
    }
  }
  return out;
}

for (const native of [undefined, detectNative()].filter((each, i) => i === 0 || each)) {
  Deno.test(`matrix products of 1 to ${MOST_ROWS} rows are whole (${native ?? "WebAssembly"})`, async () => {
    await using run = runtimeOn(openCpu(2, { native }));
    for (const [k, n] of OTHERS) {
      const right = integers(k * n, 2), b = tensor(right, [k, n]);
      const lefts = Array.from({ length: MOST_ROWS }, (_, i) => integers((i + 1) * k, i));
      const found = await run.read(lefts.map((a, i) => matmul(tensor(a, [i + 1, k]), b)));
      found.forEach((product, i) =>
        assertEquals(product, multiply(lefts[i]!, right, [i + 1, k, n]), `${i + 1} × ${k} × ${n}`)
      );
    }
  });
}
