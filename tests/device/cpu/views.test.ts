/**
 * Views inside expressions: rows of every length, borders anywhere, steps, transposes, views of views; with
 * any number of threads the same bits.
 */
import { assertEquals } from "@std/assert";
import { openCpu } from "../../../src/device/cpu/mod.ts";
import { grad } from "../../../src/grad.ts";
import {
  add,
  broadcastTo,
  concat,
  exp,
  maximum,
  mul,
  pad,
  reshape,
  slice,
  sum,
  transpose,
} from "../../../src/ops/mod.ts";
import { runtimeOn } from "../../../src/runtime/mod.ts";
import { type Tensor, tensor } from "../../../src/tensor.ts";
import { hash } from "../../devices.ts";
import { assertAgrees } from "../../ops/oracle.ts";

/** A tensor of numbers of both signs. */
const numbers = (seed: number, shape: readonly number[]): Tensor => {
  const size = shape.reduce((n, d) => n * d, 1);
  return tensor(Float32Array.from({ length: size }, (_, i) => hash(i, seed) / 2 ** 31 - 1), shape);
};

/** Rows shorter and longer than vectors, pairs of them and what is left. */
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 21, 37];

/** What is computed from a matrix of n columns, with a row and a column beside it. */
const CASES: Readonly<Record<string, (x: Tensor, row: Tensor, column: Tensor) => Tensor>> = {
  "a row beside every row": (x, row) => add(x, row),
  "a column beside every column": (x, _, column) => mul(exp(column), x),
  "both, of which one is computed": (x, row, column) => add(mul(x, exp(row)), mul(column, 2)),
  "a transpose": (x) => mul(transpose(x, [1, 0]), 2),
  "a transpose of a sum": (x, row) => exp(transpose(add(x, row), [1, 0])),
  "a transpose and its rows": (x, row, column) =>
    add(
      transpose(x, [1, 0]),
      add(reshape(row, [x.shape[1]!, 1]), reshape(column, [1, x.shape[0]!])),
    ),
  "zeros on all sides": (x) => add(pad(x, [[1, 2], [3, 1]]), 1),
  "zeros around a map": (x, row) => pad(exp(add(x, row)), [[0, 1], [1, 0]]),
  "the sum of neighbors": (x) => {
    const n = x.shape[1]!, wide = pad(mul(x, x), [[0, 0], [2, 2]]);
    return [0, 1, 2, 3, 4].map((k) => slice(wide, [0, k], [x.shape[0]!, n + k])).reduce(add);
  },
  "every second element": (x) => mul(slice(x, [0, 0], [...x.shape], [2, 2]), 3),
  "a gradient of every third element": (x) =>
    grad((z: Tensor) => sum(mul(slice(z, [0, 0], [...z.shape], [1, 3]), 2)))(x),
  "zeros between elements": (x) => {
    const [m, n] = x.shape as [number, number];
    return add(reshape(pad(reshape(x, [m, n, 1]), [[0, 0], [0, 0], [1, 1]]), [m, 3 * n]), 1);
  },
  "parts beside each other": (x, row) => concat([x, broadcastTo(row, x.shape), mul(x, 2)], 1),
  "parts of unequal size": (x) =>
    mul(concat([x, slice(x, [0, 0], [x.shape[0]!, 1]), exp(x)], 1), 2),
  "rows of another length": (x, row) => {
    const [m, n] = x.shape as [number, number], other = mul(reshape(add(x, row), [n, m]), 2);
    return add(other, reshape(numbers(5, [m]), [1, m]));
  },
  "a window of a transpose of a pad": (x) => {
    const [m, n] = x.shape as [number, number];
    return maximum(slice(transpose(pad(x, [[1, 1], [1, 1]]), [1, 0]), [1, 0], [n + 2, m + 1]), 0.1);
  },
};

const ROWS = [1, 3, 6, 17];

for (const [name, f] of Object.entries(CASES)) {
  Deno.test(`${name}, for rows of any length`, async () => {
    const samples = ROWS.flatMap((m) =>
      LENGTHS.map((n) => ({
        name: `${m} × ${n}`,
        inputs: [numbers(1, [m, n]), numbers(2, [n]), numbers(3, [m, 1])],
        f: (...[x, row, column]: Tensor[]) => [f(x!, row!, column!)],
      }))
    );
    const read: Float32Array[][] = [];
    for (const threads of [1, 2, 3]) {
      await using run = runtimeOn(openCpu(threads));
      if (threads === 1) await assertAgrees(run, samples);
      const outs = samples.map(({ f, inputs }) =>
        run.jit((xs: readonly Tensor[]) => f(...xs))(inputs)[0]!
      );
      read.push((await run.read(outs)) as Float32Array[]);
    }
    for (const other of read.slice(1)) assertEquals(other, read[0]);
  });
}

Deno.test("what lies beside a view does not get into its zeros", async () => {
  await using run = runtimeOn(openCpu(1));
  const x = tensor(new Float32Array(7 * 5).fill(Infinity), [7, 5]);
  const inside = run.jit((x: Tensor) => mul(pad(exp(x), [[2, 1], [3, 2]]), 1))(x);
  const [found] = await run.read([inside]);
  const expected = Array.from({ length: 100 }, (_, i) => {
    const [r, c] = [Math.floor(i / 10), i % 10];
    return r >= 2 && r < 9 && c >= 3 && c < 8 ? Infinity : 0;
  });
  assertEquals([...found], expected);
});
