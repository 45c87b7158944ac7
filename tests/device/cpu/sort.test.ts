/**
 * Sorting on the CPU, of every number of elements around powers of two, and of every type.
 */
import { assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { argSort } from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import type { DType } from "../../../src/host_data.ts";
import { tensor } from "../../../src/tensor.ts";

const SIZES = [2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 33, 64, 65];
const LOWEST = { f32: -1000, i32: -(2 ** 31), u32: 0 }, HIGHEST = { f32: 1e9, i32: 2e9, u32: 4e9 };

/** Few different numbers, so that there are equal ones, with the least and the largest. */
const numbers = (size: number, dtype: DType) =>
  Array.from(
    { length: size },
    (_, i) => i === 1 ? LOWEST[dtype] : i === size - 2 ? HIGHEST[dtype] : (i * 7919) % 5,
  );

Deno.test("argSort() keeps the order of equal elements, of every size and type, from both ends", async () => {
  await using run = runtimeOn(openCpu(2));
  for (const dtype of ["f32", "i32", "u32"] as const) {
    for (const descending of [false, true]) {
      const rows = SIZES.map((size) => numbers(size, dtype));
      const found = await run.read(
        rows.map((row) => argSort(tensor(row, [row.length], dtype), -1, { descending })),
      );
      found.forEach((order, i) => {
        const row = rows[i]!, sign = descending ? -1 : 1;
        const expected = [...row.keys()].sort((a, b) => sign * (row[a]! - row[b]!) || a - b);
        assertEquals([...order], expected, `${row.length} ${dtype} ${descending}`);
      });
    }
  }
});
