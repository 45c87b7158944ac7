/**
 * Gradients of tensors that are used in many parts.
 */
import { assert, assertEquals } from "@std/assert";
import { evaluate } from "../src/device/reference/evaluate.ts";
import { grad } from "../src/grad.ts";
import {
  add,
  broadcastTo,
  gather,
  mul,
  reshape,
  slice,
  stack,
  sum,
  tanh,
  transpose,
} from "../src/ops/mod.ts";
import type { Shape } from "../src/shape.ts";
import { placeholder, type Tensor, tensor } from "../src/tensor.ts";
import { topological } from "../src/graph.ts";
import { assertClose, fill, filled, forEachDevice, largest } from "./devices.ts";

type Parts = (x: Tensor) => readonly Tensor[];

const list = <T>(n: number, f: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => f(i));

/** Ways to use a tensor of a shape in more than a few parts. */
const WAYS: Readonly<Record<string, readonly [shape: Shape, parts: Parts]>> = {
  "rows": [[20, 3], (x) => list(20, (t) => slice(x, [t], [t + 1]))],
  "rows, with what is between left out": [
    [30, 3],
    (x) => list(10, (t) => slice(x, [3 * t], [3 * t + 1])),
  ],
  "columns in another order, one twice, one never": [
    [3, 20],
    (x) =>
      list(19, (t) => slice(x, [0, t * 7 % 19], [3, t * 7 % 19 + 1])).concat(
        slice(x, [0, 7], [3, 8]),
      ),
  ],
  "the middle of three axes": [[2, 16, 3], (x) => list(16, (t) => slice(x, [0, t], [2, t + 1]))],
  "windows that overlap": [[4, 30], (x) => list(28, (t) => slice(x, [0, t], [4, t + 3]))],
  "beginnings": [[14], (x) => list(14, (t) => slice(x, [0], [t + 1]))],
  "tiles": [[12, 12], (x) =>
    list(36, (k) => [k % 6 * 2, Math.floor(k / 6) * 2] as const)
      .map(([i, j]) => slice(x, [i, j], [i + 2, j + 2]))],
  "tiles that leave a border": [
    [13, 11],
    (x) =>
      list(30, (k) => [1 + k % 6 * 2, Math.floor(k / 6) * 2] as const)
        .map(([i, j]) => slice(x, [i, j], [i + 2, j + 2])),
  ],
  "one of every twelve": [[2, 36], (x) => list(12, (t) => slice(x, [0, t], [2, 36], [1, 12]))],
  "one of every twelve, unevenly": [
    [2, 31],
    (x) => list(12, (t) => slice(x, [0, t], [2, 31], [1, 12])),
  ],
  "every other, from anywhere": [[23], (x) => list(12, (t) => slice(x, [t], [23], [2]))],
  "through reshapes": [
    [2, 24],
    (x) => list(12, (t) => slice(reshape(x, [2, 12, 2]), [0, t], [2, t + 1])),
  ],
  "through transposes": [[2, 24], (x) => list(24, (t) => slice(transpose(x), [t], [t + 1]))],
  "rows, the whole, and what is made of it": [
    [12, 3],
    (x) => [...list(12, (t) => slice(x, [t], [t + 1])), x, tanh(x)],
  ],
  "rows of a table": [
    [7, 3],
    (x) => list(15, (t) => gather(x, tensor(Int32Array.of(t % 7, t * 3 % 7)))),
  ],
  "numbers of a table": [
    [7],
    (x) => list(15, (t) => gather(x, tensor(Int32Array.of(t % 7, t % 5)))),
  ],
  "repeated": [[1, 3], (x) => list(15, (t) => broadcastTo(x, [t % 2 + 1, 3]))],
  "stacked and taken apart": [[12, 3], (x) => {
    const all = stack(list(12, (t) => tanh(slice(x, [t], [t + 1]))), 2);
    return list(12, (t) => slice(all, [0, 0, t], [1, 3, t + 1]));
  }],
};

/** A number that depends on all elements of parts, and not linearly. */
const weighed = (parts: readonly Tensor[]): Tensor =>
  parts.map((y, k) => sum(mul(filled(y.shape, k), mul(y, add(mul(y, 0.5), 1)))))
    .reduce((a, b) => add(a, b));

for (const [name, [shape, parts]] of Object.entries(WAYS)) {
  const f = (x: Tensor) => weighed(parts(x)), x = filled(shape, 99);

  Deno.test(`gradients of first and second order are differences: ${name}`, () => {
    const at = placeholder(x), first = grad(f), second = grad((x: Tensor) => weighed([first(x)]));
    const direction = fill(x.size, 7), step = 1e-4;
    for (
      const [of, gradient] of [[f, first], [(x: Tensor) => weighed([first(x)]), second]] as const
    ) {
      const along = (by: number) => {
        const moved = Float64Array.from(x.data!, (v, i) => v + by * direction[i]!);
        return evaluate([of(at)], new Map([[at, moved]]))[0]![0]!;
      };
      const [slopes] = evaluate([gradient(at)], new Map([[at, Float64Array.from(x.data!)]]));
      const found = slopes!.reduce((total, v, i) => total + v * direction[i]!, 0);
      const expected = (along(step) - along(-step)) / (2 * step);
      assert(Math.abs(found - expected) < 1e-5, `expected ${expected}, found ${found}`);
    }
  });

  forEachDevice(`gradients of many parts agree with float64: ${name}`, async (run) => {
    const [expected] = evaluate([grad(f)(x)]);
    const found = await run.read(run.jit(grad(f))(x)) as unknown as Float32Array;
    assertClose(found, expected!, { absolute: 1e-5 * largest(expected!) });
  });
}

Deno.test("what gradients of parts hold grows with what the parts hold, not with their number times it", () => {
  const held = (n: number) => {
    const x = placeholder({ shape: [n, 8], dtype: "f32" });
    const slope = grad((x: Tensor) => weighed(list(n, (t) => slice(x, [t], [t + 1]))))(x);
    return topological([slope]).reduce((total, { size }) => total + size, 0);
  };
  const ratio = held(400) / held(100);
  assert(ratio < 4.5, `expected four times as much for four times the parts, found ${ratio}`);
});

Deno.test("a few parts are added in order", () => {
  const x = placeholder({ shape: [4, 3], dtype: "f32" });
  const slope = grad((x: Tensor) => weighed(list(4, (t) => slice(x, [t], [t + 1]))))(x);
  assertEquals(slope.op.name, "add");
  assertEquals(topological([slope]).filter(({ op }) => op.name === "concat").length, 0);
});
