/**
 * concat and stack of many tensors, which are stored one by one.
 */
import { assertEquals } from "@std/assert";
import {
  add,
  concat,
  exp,
  iota,
  matmul,
  max,
  mul,
  reshape,
  slice,
  stack,
  sum,
  transpose,
} from "../../src/ops/mod.ts";
import { buildPlan } from "../../src/plan/build.ts";
import type { Shape } from "../../src/shape.ts";
import { placeholder, type Tensor, tensor } from "../../src/tensor.ts";
import { topological } from "../../src/graph.ts";
import { fill, filled, forEachDevice } from "../devices.ts";
import { assertAgrees, sample } from "./oracle.ts";

const shapes = (n: number, shape: (k: number) => Shape): Shape[] =>
  Array.from({ length: n }, (_, k) => shape(k));

const SAMPLES = [
  sample("end to end", shapes(9, () => [3]), (...xs) => [concat(xs)]),
  sample("of unequal sizes", shapes(11, (k) => [1 + k % 4, 5]), (...xs) => [concat(xs)]),
  sample("columns", shapes(20, (k) => [3, 1 + k % 3]), (...xs) => [concat(xs, 1)]),
  sample("columns of fours", shapes(20, (k) => [6, 4 + 4 * (k % 3)]), (...xs) => [concat(xs, -1)]),
  sample("the middle axis", shapes(17, (k) => [2, 1 + k % 2, 4]), (...xs) => [concat(xs, 1)]),
  sample("many numbers", shapes(300, () => [1]), (...xs) => [concat(xs)]),
  sample("large parts", shapes(9, () => [65, 131]), (...xs) => [concat(xs, 1), concat(xs, 0)]),
  sample("stacked along each axis", shapes(12, () => [3, 4]), (...xs) => [
    stack(xs, 0),
    stack(xs, 1),
    stack(xs, 2),
  ]),
  sample("of what is computed, and computed on", shapes(10, () => [4, 8]), (...xs) => {
    const all = concat(xs.map((x, k) => exp(mul(x, k / 10))), 1);
    return [mul(all, all), sum(all, 0), all];
  }),
  sample("of kernels' results and views", shapes(10, () => [4, 4]), (...xs) => [
    concat(xs.map((x, k) => k % 3 === 0 ? matmul(x, x) : k % 3 === 1 ? transpose(x) : x), 1),
    stack(xs.map((x) => max(x, 1)), 1),
  ]),
  sample("of concatenations", shapes(9, () => [2, 3]), (...xs) => {
    const row = concat(xs, 1);
    return [concat(Array.from({ length: 9 }, (_, k) => mul(row, k)), 0)];
  }),
  sample("one tensor many times, and a part of it", [[3, 5]], (x) => [
    concat(Array.from({ length: 12 }, () => x), 1),
    concat(Array.from({ length: 12 }, (_, k) => slice(x, [k % 3], [k % 3 + 1])), 0),
  ]),
  sample("integers", [], () => [
    concat(Array.from({ length: 10 }, (_, k) => add(iota(3), k))),
    stack(Array.from({ length: 10 }, (_, k) => add(iota(5, "u32"), k)), 1),
  ]),
  sample("of one, given back twice", shapes(9, () => [2]), (...xs) => {
    const all = concat(xs);
    return [all, all, reshape(all, [2, 9])];
  }),
];

forEachDevice("concat() and stack() of many agree with float64", async (run) => {
  await assertAgrees(run, SAMPLES);
});

forEachDevice("concat() of many is read lazily, and again as an argument", async (run) => {
  const parts = Array.from({ length: 12 }, (_, k) => filled([2, 3], k));
  const all = concat(parts, 1), expected: number[] = [];
  for (let row = 0; row < 2; row++) {
    for (let k = 0; k < 12; k++) expected.push(...fill(6, k).slice(3 * row, 3 * row + 3));
  }
  assertEquals([...await run.read(all) as unknown as Float32Array], expected);
  const doubled = run.jit((x: Tensor) => mul(x, 2))(all);
  assertEquals([...await run.read(doubled) as unknown as Float32Array], expected.map((v) => 2 * v));
});

Deno.test("concat() of many parts takes one step per part, and of a few is fused into one step", () => {
  const policy = { access: () => "any" as const, maxLoads: 8 };
  const labels = (n: number) => {
    const xs = Array.from({ length: n }, () => placeholder({ shape: [4], dtype: "f32" }));
    const y = exp(concat(xs.map((x) => mul(x, 2))));
    return buildPlan(xs, [y], policy).plan.steps.map(({ label }) => label);
  };
  assertEquals(labels(3).length, 1);
  assertEquals(labels(20), [...Array.from({ length: 20 }, () => "mul"), "exp"]);
});

Deno.test("concat() of many is as many nodes as there are tensors, and twice as many aliases", () => {
  const nodes = (n: number) =>
    topological([concat(Array.from({ length: n }, (_, k) => tensor([k])))]).length;
  assertEquals(nodes(100), 201);
});
