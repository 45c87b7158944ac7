/**
 * The oracle's own products, of every number of rows, steps and columns around usual sizes.
 */
import { assertEquals } from "@std/assert";
import { evaluate } from "../../src/device/reference/evaluate.ts";
import { matmul } from "../../src/ops/mod.ts";
import { tensor } from "../../src/tensor.ts";

const SIZES = [1, 2, 3, 5, 13, 31, 33, 63, 65, 66, 67, 68, 97, 127, 129];

Deno.test("matmul() adds up every step of every row and column", () => {
  for (const size of SIZES) {
    for (const [m, k, n] of [[size, 3, 2], [2, size, 3], [3, 2, size]] as const) {
      const a = Float32Array.from({ length: m * k }, (_, i) => (i * 7) % 11 - 5);
      const b = Float32Array.from({ length: k * n }, (_, i) => (i * 5) % 13 - 6);
      const [found] = evaluate([matmul(tensor(a, [m, k]), tensor(b, [k, n]))]);
      const expected = Float64Array.from({ length: m * n }, (_, at) => {
        const row = Math.floor(at / n), column = at % n;
        return a.subarray(row * k, (row + 1) * k).reduce(
          (t, v, i) => t + v * b[i * n + column]!,
          0,
        );
      });
      assertEquals(found, expected, `${m} × ${k} × ${n}`);
    }
  }
});
