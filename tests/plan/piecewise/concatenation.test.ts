import { assertEquals } from "@std/assert";
import { grad } from "../../../src/grad.ts";
import {
  add,
  concat,
  maximum,
  mul,
  pad,
  slice,
  sum,
  tanh,
  transpose,
} from "../../../src/ops/mod.ts";
import { buildPlan } from "../../../src/plan/build.ts";
import { asConcatenation } from "../../../src/plan/piecewise/concatenation.ts";
import { placeholder, type Tensor } from "../../../src/tensor.ts";

const f32 = (...shape: number[]) => placeholder({ shape, dtype: "f32" });

/** How many pieces the last step of a graph has, and the elements from one to the next. */
function cut(inputs: readonly Tensor[], y: Tensor): readonly [number, number] | undefined {
  const { steps } = buildPlan(inputs, [y], { access: () => "any", maxLoads: 8 }).plan;
  const found = asConcatenation(steps.at(-1)!.store);
  return found && [found.pieces.length, found.inner];
}

const [a, b] = [f32(5, 3, 4), f32(5, 3, 4)];

Deno.test("asConcatenation() recognizes a concatenation along any axis", () => {
  for (const [axis, inner] of [[0, 60], [1, 12], [2, 4]] as const) {
    assertEquals(cut([a, b], concat([tanh(a), mul(a, b)], axis)), [2, inner], `axis ${axis}`);
  }
  assertEquals(cut([a, b], concat([a, b, tanh(a)], 1)), [3, 12]);
});

Deno.test("asConcatenation() cuts pieces of unequal size at what divides them all", () => {
  assertEquals(cut([a], concat([tanh(a), slice(a, [0, 0, 0], [5, 1, 4])], 1)), [4, 4]);
});

Deno.test("asConcatenation() recognizes a concatenation with an addend, and views of it", () => {
  const whole = f32(5, 6, 4), across = f32(6, 5, 4), bias = f32(6, 1);
  for (const other of [whole, mul(whole, bias), transpose(across, [1, 0, 2])]) {
    assertEquals(cut([a, b, whole, across, bias], add(concat([a, b], 1), other)), [2, 12]);
  }
});

Deno.test("asConcatenation() recognizes the gradient of maxout", () => {
  const x = f32(7, 2, 4), piece = (k: number) => slice(x, [0, k, 0], [7, k + 1, 4]);
  const maxout = (x: Tensor) =>
    sum(tanh(maximum(slice(x, [0, 0, 0], [7, 1, 4]), slice(x, [0, 1, 0], [7, 2, 4]))));
  assertEquals(cut([x], grad(maxout)(x)), [2, 4]);
  assertEquals(cut([x], maximum(piece(0), piece(1))), undefined);
});

Deno.test("asConcatenation() cuts blocks of a diagonal along their last axis", () => {
  const blocks = [pad(a, [[5, 0], [0, 0], [0, 4]]), pad(b, [[0, 5], [0, 0], [4, 0]])] as const;
  assertEquals(cut([a, b], add(...blocks)), [2, 4]);
});

Deno.test("asConcatenation() ignores a single padding, and more pieces than a shader should have", () => {
  assertEquals(cut([a], pad(tanh(a), [[0, 0], [1, 2], [0, 0]])), undefined);
  const row = f32(1, 4);
  assertEquals(cut([row], concat(Array.from({ length: 9 }, () => row))), undefined);
  assertEquals(cut([a, b], add(pad(a, [[1, 4], [0, 0], [0, 0]]), tanh(f32(10, 3, 4)))), undefined);
});
