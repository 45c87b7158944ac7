/**
 * Reductions of the CPU device on rows and columns of every length: maxima, the first of equal ones, NaN
 * anywhere, and sums that are exact in any order.
 */
import { assertEquals } from "@std/assert";
import {
  add,
  argMax,
  cumSum,
  max,
  maximum,
  mul,
  reshape,
  sub,
  sum,
  transpose,
} from "../../../src/ops/mod.ts";
import { FEW } from "../../../src/ops/reduce.ts";
import { open } from "../../../src/runtime/mod.ts";
import { ARRAYS, type DType } from "../../../src/host_data.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
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
      const rows = 23, values = numbers(rows * n, n, dtype);
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

for (const dtype of ["f32", "i32", "u32"] as const) {
  Deno.test(`sum and max of computed rows and columns of every length: ${dtype}`, async () => {
    await using run = await open({ device: "cpu", threads: 1 });
    const of = (values: Float32Array, shape: readonly number[]) =>
      tensor(ARRAYS[dtype].from(values), shape, dtype);
    for (const n of LENGTHS) {
      const rows = 6, values = numbers(rows * n, n, dtype), lower = (k: number) => k % 3;
      const x = of(values, [rows, n]),
        offsets = Float32Array.from({ length: n }, (_, k) => lower(k));
      const scales = Float32Array.from({ length: rows }, (_, r) => 1 + r % 2);
      // Values of a row, of a column, of both and of another order.
      const compute = (y: Tensor, each: Tensor, ofRow: Tensor) =>
        add(maximum(mul(add(y, each), ofRow), 1), sub(ofRow, ofRow));
      const made = values.map((v, i) => {
        const product = (v + lower(i % n)) * scales[Math.floor(i / n)]!;
        return Number.isNaN(product) ? product : Math.max(product, 1);
      });
      const right = compute(x, of(offsets, [n]), of(scales, [rows, 1]));
      const down = compute(
        of(turn(values, n), [n, rows]),
        of(offsets, [n, 1]),
        of(scales, [rows]),
      );
      const at = (row: number, k: number) => row * n + k;
      const { sums, most } = expected(made, n, at);
      for (const [y, axis] of [[right, 1], [down, 0], [transpose(down), 1]] as const) {
        const found = await run.read([sum(y, axis), max(y, axis)]);
        assertEquals([n, axis, ...found.map((each) => [...each])], [n, axis, sums, most]);
      }
    }
  });
}

/** Rows of n elements as columns. */
function turn(values: Float32Array, n: number): Float32Array {
  const rows = values.length / n;
  return values.map((_, i) => values[(i % rows) * n + Math.floor(i / rows)]!);
}

Deno.test("sums of computed rows and columns have the same bits for any number of threads", async () => {
  const x = tensor(Float32Array.from({ length: 515 * 257 }, (_, i) => Math.sin(i)), [515, 257]);
  const found: number[][] = [];
  for (const threads of [1, 2, 3]) {
    await using run = await open({ device: "cpu", threads });
    const square = mul(x, sub(x, sum(x, 0, { keep: true })));
    const results = await run.read([sum(square, 0), sum(square, 1), max(square)]);
    found.push(results.flatMap((each) => [...each]));
  }
  assertEquals(found[1], found[0]);
  assertEquals(found[2], found[0]);
});

Deno.test("sums of computed columns, more than are computed at once, have all their rows", async () => {
  await using run = await open({ device: "cpu", threads: 2 });
  // More rows than are added as slices.
  const [rows, columns] = [FEW + 3, 2 * 2048 + 37];
  const values = Float32Array.from({ length: rows * columns }, (_, i) => i % 7 - 3);
  const call = run.jit((x: Tensor) => sum(mul(x, x), 0));
  const [found] = await run.read([call(tensor(values, [rows, columns]))]);
  const squares = Float32Array.from(
    { length: columns },
    (_, j) =>
      Array.from({ length: rows }, (_, row) => values[row * columns + j]! ** 2)
        .reduce((total, each) => total + each, 0),
  );
  assertEquals(found, squares);
});

Deno.test("argMax() finds a maximum anywhere in a row, the last element included", async () => {
  await using run = await open({ device: "cpu", threads: 1 });
  for (const n of [1, 5, 8, 31, 32, 33, 39, 40, 41, 65]) {
    const rows = Float32Array.from(
      { length: n * n },
      (_, i) => i % n === Math.floor(i / n) ? 9 : 1,
    );
    const [found] = await run.read([argMax(tensor(rows, [n, n]), 1)]);
    assertEquals([...found], Array.from({ length: n }, (_, row) => row), `${n}`);
  }
});

Deno.test("cumulative sums run from either end, over columns of any number", async () => {
  await using run = await open({ device: "cpu", threads: 2 });
  for (const [outer, n, inner] of [[2, 5, 1], [3, 7, 3], [2, 6, 4], [2, 4, 261]] as const) {
    const values = Float32Array.from({ length: outer * n * inner }, (_, i) => (i * 7) % 11 - 5);
    for (const reverse of [false, true]) {
      const [found] = await run.read([cumSum(tensor(values, [outer, n, inner]), 1, { reverse })]);
      const expected = values.map((_, i) => {
        const k = Math.floor(i / inner) % n, start = i - k * inner;
        const from = reverse ? k : 0, end = reverse ? n : k + 1;
        let total = 0;
        for (let at = from; at < end; at++) total += values[start + at * inner]!;
        return total;
      });
      assertEquals(found, expected, `${outer} × ${n} × ${inner} ${reverse}`);
    }
  }
});
