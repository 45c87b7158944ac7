/**
 * Reductions of the CPU device on rows and columns of every length: maxima, the first of equal ones, NaN
 * anywhere, and sums that are exact in any order.
 */
import { assertEquals } from "@std/assert";
import { argMax, max, reshape, sum } from "../../../src/ops/mod.ts";
import { open } from "../../../src/runtime/mod.ts";
import { ARRAYS, type DType } from "../../../src/host_data.ts";
import { tensor } from "../../../src/tensor.ts";
import { hash } from "../../devices.ts";

const LENGTHS = [
  ...Array.from({ length: 42 }, (_, i) => 9 + i),
  63,
  64,
  65,
  71,
  127,
  130,
  515,
  2047,
  2048,
  2050,
  5003,
  16385,
];

/** Small integers with many equal ones, and NaN in some rows. */
function numbers(size: number, n: number, dtype: DType): Float32Array<ArrayBuffer> {
  const values = Float32Array.from(
    { length: size },
    (_, i) => hash(i, n) % 7 - (dtype === "u32" ? 0 : 3),
  );
  if (dtype === "f32") {
    for (let row = 1; row < size / n; row += 2) {
      for (const k of [0, 3]) values[row * n + hash(row + k, n) % n] = NaN;
    }
  }
  return values;
}

/** What is found in each column of [n, rows] or each row of [rows, n]. */
function expected(values: Float32Array, n: number, at: (row: number, k: number) => number) {
  const sums: number[] = [], most: number[] = [], where: number[] = [];
  for (let row = 0; row < values.length / n; row++) {
    let total = 0, best = 0;
    for (let k = 0; k < n; k++) {
      const each = values[at(row, k)]!, so = values[at(row, best)]!;
      total += each;
      if (!(each <= so) && !Number.isNaN(so)) best = k;
    }
    sums.push(total);
    most.push(values[at(row, best)]!);
    where.push(best);
  }
  return { sums, most, where };
}

for (const dtype of ["f32", "i32", "u32"] as const) {
  Deno.test(`sum, max and argMax of rows and columns of every length: ${dtype}`, async () => {
    await using run = await open({ device: "cpu", threads: 1 });
    for (const n of LENGTHS) {
      const rows = 7, values = numbers(rows * n, n, dtype);
      const x = tensor(ARRAYS[dtype].from(values), [rows, n], dtype);
      for (const axis of [1, 0]) {
        const y = axis === 1 ? x : reshape(x, [n, rows]);
        const at = (row: number, k: number) => axis === 1 ? row * n + k : k * rows + row;
        const [sums, most, where] = await run.read([sum(y, axis), max(y, axis), argMax(y, axis)]);
        const found = { sums: [...sums!], most: [...most!], where: [...where!] };
        assertEquals([dtype, n, axis, found], [dtype, n, axis, expected(values, n, at)]);
      }
    }
  });
}
